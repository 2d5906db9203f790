#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "query/executor/catalog_name.h"
#include "query/executor/expression.h"
#include "query/executor/operator.h"

namespace tupu {

/// One row without variables: where a plan begins that begins with nothing.
class SingleRow final : public Operator {
 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  bool given_ = false;
};

/// Every vertex, or those with a label, for each row of the input.
class NodeScan : public RowExpander {
 public:
  NodeScan(OperatorPtr input, Slot slot, std::optional<LabelName> label);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  Slot slot_;
  std::optional<LabelName> label_;
  std::unique_ptr<VertexCursor> cursor_;
  std::vector<VertexId> buffer_;
};

/// Vertices that the name index finds for `name`: candidates only, since the index compares normalised names and knows
/// aliases; the exact predicate is applied above. A name that is no text is not in the index: then every vertex (of the
/// label) is a candidate.
class NodeByName final : public NodeScan {
 public:
  NodeByName(OperatorPtr input, Slot slot, std::optional<LabelName> label, ExpressionPtr name);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  Slot slot_;
  ExpressionPtr name_;
  bool scan_ = false;
  std::vector<VertexId> found_;
  size_t position_ = 0;
};

/// The vertex with an id (or each of a list of ids), if it is there. The predicate is applied above all the same.
class NodeById final : public RowExpander {
 public:
  NodeById(OperatorPtr input, Slot slot, ExpressionPtr id);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  Status AddCandidate(const Value& id);

  Slot slot_;
  ExpressionPtr id_;
  std::vector<VertexId> found_;
  size_t position_ = 0;
};

}  // namespace tupu
