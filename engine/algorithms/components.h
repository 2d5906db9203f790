#pragma once

#include <cstdint>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/csr/csr_graph.h"

namespace tupu {

struct Components {
  std::vector<VertexIndex> component;  // per vertex, in [0, count), numbered by each component's least vertex
  VertexIndex count = 0;
};

/// Components of a graph whose direction is ignored.
/// Input   graph: symmetric (BuildSlice with Orientation::kUndirected guarantees it); parallel arcs and self loops
/// allowed. Cost    O(V + E), about 40 * V bytes beside the result. Errors  kInvalidArgument for a graph that is not
/// symmetric; kCancelled. Source  depth-first search of Boost.Graph (connected_components).
Result<Components> WeaklyConnectedComponents(const CsrGraph& graph, const CancellationToken& cancellation);

/// Largest sets of vertices that reach one another along the arcs.
/// Input   graph: any.
/// Cost    O(V + E), about 60 * V bytes beside the result.
/// Errors  kCancelled.
/// Source  Tarjan (1972), as Boost.Graph has it (strong_components); components are renumbered by their least vertex.
Result<Components> StronglyConnectedComponents(const CsrGraph& graph, const CancellationToken& cancellation);

}  // namespace tupu
