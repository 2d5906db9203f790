#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/executor/catalog_name.h"
#include "query/executor/operator.h"

namespace tupu {

/// Steps of a pattern that nobody names: only how many there are counts.
struct CountedSteps {
  Slot from = 0;
  Direction direction = Direction::kOut;
  std::vector<EdgeTypeName> types;   // empty: every type
  std::vector<LabelName> to_labels;  // of the other end, all of them
  std::vector<Slot> different_from;  // edges that none of them is
  std::optional<Slot> weight_in;     // how often the row stands for itself; none: once
  Slot weight = 0;                   // receives weight_in times the number of steps
};

/// In place of Expand where a count or the like stands above: a row for each row that has a step, with the number of its
/// steps in `weight`. Cost: a degree from the CSR; with labels, the other ends are read.
class CountSteps final : public Operator {
 public:
  CountSteps(OperatorPtr input, CountedSteps step);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;
  void CloseSelf() override;

 private:
  Status Count();
  Status CountByEnds();
  Status CountByEdges();
  Status ReadLabels(std::span<const VertexId> ends);

  CountedSteps step_;
  EdgeTypeSet types_;
  std::vector<LabelId> labels_;
  bool none_ = false;  // no edge can match
  Batch input_;
  std::vector<VertexId> vertices_;
  std::vector<uint32_t> rows_;
  std::vector<uint64_t> counts_;  // of vertices_
  TargetLists ends_;
  NeighbourLists steps_;
  std::vector<VertexId> step_ends_;
  std::vector<uint8_t> fits_;
  std::vector<uint8_t> fits_label_;
  std::vector<EdgeId> used_edges_;
  std::vector<uint32_t> passing_;
};

}  // namespace tupu
