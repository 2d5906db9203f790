#pragma once

#include <cstdint>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/ids.h>
#include <tupu/result.h>

#include "engine/algorithms/internal/slice_selection.h"

namespace tupu {

/// What will become one arc or two: a stored edge, or a pair of starts of one end.
struct SliceLine {
  VertexId start{};
  VertexId end{};
  double weight = 1.0;
  bool both_ways = false;  // symmetric type or pair
  bool stated = true;      // a stored edge; pairs rest on their legs instead
};

/// Stored edges that a vertex's pairs rest on.
struct RestsOn {
  VertexId vertex{};
  uint64_t edges = 0;
};

/// A slice before it is numbered.
struct SliceContent {
  std::vector<VertexId> members;      // vertices that may be in the slice, ascending
  std::vector<VertexId> via_targets;  // ends that became pairs, ascending, each once
  std::vector<SliceLine> lines;
  std::vector<RestsOn> via_edges;  // a vertex may occur several times
};

/// Scans and expands, then turns the edges of via types into pairs. Errors: as BuildSlice documents them.
Result<SliceContent> ReadSlice(const GraphView& view, const SliceRequest& request, const SliceSelection& selection,
                               const CancellationToken& cancellation);

}  // namespace tupu
