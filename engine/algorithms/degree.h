#pragma once

#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

#include "storage/csr/csr_graph.h"

namespace tupu {

/// Number of arcs at every vertex, or their summed weights in a weighted graph.
///
/// Input   graph: any; in-direction needed for kIn and kBoth. kBoth adds out- and in-arcs, so on a symmetric graph it
///         counts each edge twice: ask that one for kOut.
/// Result  degrees[num_vertices]; a self loop counts once among the out- and once among the in-arcs.
/// Cost    O(V), weighted O(V + E).
/// Errors  kInvalidArgument when the in-direction is needed and not there.
Result<std::vector<double>> Degrees(const CsrGraph& graph, Direction direction);

}  // namespace tupu
