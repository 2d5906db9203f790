#pragma once

#include <optional>
#include <vector>

#include "query/executor/operator.h"
#include "query/executor/var_length_expand.h"

namespace tupu {

/// In place of VarLengthExpand where only distinct ends are asked for: each vertex that a trail of at most `max` edges
/// reaches, once a row of the input, by breadth-first search.
///
/// A shortest walk to another vertex repeats no edge, so walks will do for it; only for the way back to the start without
/// direction it matters that a trail may not return by the edge that it came by.
/// Cost: each vertex within reach is expanded once. Memory: 4 bytes a vertex of the graph, and the frontier.
/// Requires: min is 0 or 1; `emit_edges` is false.
class ReachExpand final : public RowExpander {
 public:
  ReachExpand(OperatorPtr input, VarLengthStep step);

 protected:
  Status OpenSelf() override;
  void CloseSelf() override;
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  Status TakeLevel();
  Status Walk(VertexId from, std::span<const Neighbour> steps, size_t place);
  Status WalkFreely(std::span<const VertexId> ends);
  Result<bool> MayWalk(VertexId from, const Neighbour& step);
  bool LeadsBack(VertexId from, const Neighbour& step, size_t place) const;
  bool HasSeen(VertexId vertex) const { return ToInteger(vertex) < seen_.size() && seen_[ToInteger(vertex)] == round_; }
  Status See(VertexId vertex);
  static constexpr size_t kStart = SIZE_MAX;  // place of the start, which is not among reached_

  VarLengthStep step_;
  EdgeTypeSet types_;
  EdgeTester tester_;
  std::vector<EdgeId> used_edges_;

  VertexId start_{};
  uint64_t depth_ = 0;             // of the vertices that are to be expanded next
  std::vector<VertexId> reached_;  // in the order of their distance, without the start
  size_t frontier_ = 0;            // reached_[frontier_, end) are to be expanded
  size_t position_ = 0;            // reached_ before it were given
  bool active_ = false;
  bool gives_start_ = false;
  bool start_given_ = false;
  std::vector<uint32_t> seen_;  // by vertex: the round that saw it
  uint32_t round_ = 0;
  // Without direction only, since a trail may not return by the edge that it came by:
  std::vector<EdgeId> branch_;   // of reached_: the edge by which the search left the start
  std::vector<size_t> depths_;   // of reached_
  std::vector<uint32_t> place_;  // by vertex: its place in reached_
  std::vector<VertexId> level_;
  NeighbourLists steps_;
  TargetLists ends_;
};

}  // namespace tupu
