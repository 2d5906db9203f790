#pragma once

#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/value.h>

#include "storage/graph/graph_view.h"

namespace tupu {

/// What a search may not use.
struct RouteLimits {
  std::set<VertexId> closed_vertices;
  std::set<std::pair<VertexId, VertexId>> closed_steps;  // in the direction of the walk, from -> to
};

/// A shortest route from `from` to `to` over edges of `types` (sorted, not empty) in either direction, without the closed
/// vertices and steps and without documents between the ends; nullopt if there is none. Bidirectional breadth first: the
/// side with fewer vertices on its frontier goes on.
/// Result  deterministic: of the routes of least length always the same one.
Result<std::optional<PathReference>> FindShortestRoute(const GraphView& view, VertexId from, VertexId to,
                                                       std::span<const EdgeTypeId> types, const RouteLimits& limits,
                                                       const CancellationToken& cancellation);

}  // namespace tupu
