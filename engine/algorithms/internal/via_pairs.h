#pragma once

#include <cstdint>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/ids.h>
#include <tupu/result.h>

#include "engine/algorithms/internal/slice_reader.h"

namespace tupu {

/// An edge of a type that is projected via its end.
struct ViaLeg {
  uint32_t family = 0;  // only legs of one family make pairs
  VertexId target{};
  VertexId start{};
  double weight = 1.0;
};

/// A slice may hold this many arcs.
inline constexpr uint64_t kMaxSliceArcs = uint64_t{1} << 31;

/// The `via` projection: for every end, one line between every two starts of it.
///
///     A --CO_BUILDS--> centre <--CO_BUILDS-- B          A ------- B
///                        ^                        =>     \       /
///                    CO_BUILDS                            \     /
///                        C                                   C
///
/// Appends the lines (both ways, not stated), the edges that each vertex's pairs rest on, and all ends, to
/// `content`. An end with a single start gives nothing. Parallel legs of a start count as one, combined by
/// `meaning`; each of them is an edge rested on.
///
/// Cost    O(L log L) for L legs, and k (k - 1) / 2 lines for an end with k starts.
/// Errors  kResourceExhausted above kMaxSliceArcs, before anything is made; kCancelled.
Status AddViaPairs(std::vector<ViaLeg> legs, WeightMeaning meaning, const CancellationToken& cancellation,
                   SliceContent& content);

}  // namespace tupu
