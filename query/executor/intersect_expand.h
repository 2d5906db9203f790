#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "query/executor/catalog_name.h"
#include "query/executor/operator.h"

namespace tupu {

/// One of the two steps that meet.
struct MeetingStep {
  Slot from = 0;
  Slot edge = 0;
  Direction direction = Direction::kOut;  // from `from`
  std::vector<EdgeTypeName> types;
  std::vector<Slot> different_from;
};

/// In place of Expand and ExpandInto where two steps from bound vertices end at one new vertex: the ends that both lists
/// have, found by walking the shorter list through the longer one. With the cycle's other edges expanded first this is the
/// worst-case-optimal join of a triangle (Ngo et al. 2012, "Worst-case optimal join algorithms").
/// Cost of a row: the length of the shorter list times the logarithm of the ratio of both.
class IntersectExpand final : public Operator {
 public:
  IntersectExpand(OperatorPtr input, MeetingStep first, MeetingStep second, Slot to, bool edges_differ);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;
  void CloseSelf() override;

 private:
  /// One of the steps, and its lists for the rows of the batch at hand.
  struct Side {
    MeetingStep step;
    EdgeTypeSet types;
    std::vector<VertexId> vertices;  // of rows_, each run of equal ones once
    std::vector<uint32_t> run_of;    // by place in rows_
    NeighbourLists lists;            // of vertices[first], vertices[first + 1] ...
    size_t first = 0;
    std::vector<Neighbour> sorted;  // the list of vertices[sorted_run] by ends, where it lies in another order
    size_t sorted_run = SIZE_MAX;
    std::vector<EdgeId> used;  // edges that a row must not meet again
  };

  bool TakeRows();
  Result<std::span<const Neighbour>> ListOf(Side& side, size_t place);
  Status MeetRow(size_t place, Batch& out);
  void Emit(std::span<const Neighbour> first, std::span<const Neighbour> second, size_t place, Batch& out);

  std::array<Side, 2> sides_;
  Slot to_;
  bool edges_differ_;
  Batch input_;
  std::vector<uint32_t> rows_;  // of the input, that have both vertices
  size_t place_ = 0;            // in rows_
  std::vector<uint32_t> source_rows_;
};

}  // namespace tupu
