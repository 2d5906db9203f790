#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "query/executor/expression.h"
#include "query/executor/operator.h"
#include "query/executor/row_buffer.h"

namespace tupu {

/// DELETE: gathers the targets of all rows, then deletes edges before vertices, so that a vertex and its edges may be
/// named in any order and in different rows.
class Delete final : public Operator {
 public:
  Delete(OperatorPtr input, std::vector<ExpressionPtr> targets, bool detach);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;
  void CloseSelf() override { buffer_.Begin(0); }

 private:
  Status AddTarget(const Value& target);
  void AddEdge(const EdgeReference& edge);
  void AddVertex(VertexId vertex);
  Status DeleteAll();
  Status DeleteOne(VertexId vertex);

  std::vector<ExpressionPtr> targets_;
  bool detach_;
  RowBuffer buffer_;
  std::unordered_set<uint64_t> seen_edges_;
  std::unordered_set<uint64_t> seen_vertices_;
  std::vector<EdgeReference> edges_;
  std::vector<VertexId> vertices_;
  bool done_ = false;
};

}  // namespace tupu
