#pragma once

#include <optional>
#include <set>
#include <vector>

#include "query/executor/catalog_name.h"
#include "query/executor/expression.h"
#include "query/executor/operator.h"
#include "query/executor/scan.h"
#include "storage/catalog/index_catalog.h"
#include "storage/graph/index_range.h"

namespace tupu {

/// An IndexSeek (query/planner/logical_plan.h) ready to run.
struct IndexSeekTerms {
  struct Term {
    ExpressionPtr value;
    bool in_list = false;
  };
  struct Bound {
    ExpressionPtr value;
    bool inclusive = true;
  };
  IndexId index{};
  std::vector<Term> equal;
  std::optional<Bound> lower;
  std::optional<Bound> upper;
  ExpressionPtr prefix;  // may be null

  /// The parts of the index to read for a row, disjoint. nullopt: a value is such that only the predicate itself knows what to
  /// do with it (IN with something that is no list).
  Result<std::optional<std::vector<IndexRange>>> RangesFor(const Row& row, ExecutionContext& context) const;
  /// False: the view does not have the index, or it is not complete. Then the label or type is scanned.
  bool IsOnline(const GraphView& view) const;
};

/// Vertices by a property index, for each row of the input. A plan outlives its indexes: without the index, every vertex of the
/// label, since the predicates are tested above.
class NodeIndexSeek final : public NodeScan {
 public:
  NodeIndexSeek(OperatorPtr input, Slot slot, LabelName label, IndexSeekTerms terms);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  Slot slot_;
  IndexSeekTerms terms_;
  bool scan_ = false;
  std::vector<IndexRange> ranges_;
  size_t next_range_ = 0;
  std::unique_ptr<VertexCursor> cursor_;
  std::vector<VertexId> buffer_;
};

/// The vertex that has the values of a key which the ontology declares. Where the keys cannot tell, every vertex of the label.
class NodeByKey final : public NodeScan {
 public:
  NodeByKey(OperatorPtr input, Slot slot, LabelName label, std::string key_label, std::vector<ExpressionPtr> values);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  Slot slot_;
  std::string key_label_;
  std::vector<ExpressionPtr> values_;
  bool scan_ = false;
  std::vector<VertexId> found_;
  size_t position_ = 0;
};

struct EdgeSeekStep {
  Slot edge = 0;
  Slot left = 0;
  Slot right = 0;
  Direction direction = Direction::kOut;  // kBoth: each edge both ways, a loop once
};

/// Edges of one type by a property index, with their ends. Without the index, every edge of the type.
class EdgeIndexSeek final : public RowExpander {
 public:
  EdgeIndexSeek(OperatorPtr input, EdgeSeekStep step, EdgeTypeName type, IndexSeekTerms terms);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  Status Refill();
  Status RefillFromScan();
  void Append(const EdgeReference& edge, bool reversed, Batch& out) const;

  EdgeSeekStep step_;
  EdgeTypeName type_;
  IndexSeekTerms terms_;
  bool scan_ = false;
  std::vector<IndexRange> ranges_;
  size_t next_range_ = 0;
  std::unique_ptr<EdgeCursor> cursor_;
  std::unique_ptr<VertexCursor> vertices_;  // of a scan
  std::vector<EdgeReference> buffer_;
  size_t position_ = 0;
  bool reverse_next_ = false;  // the edge at position_ was given forwards
};

}  // namespace tupu
