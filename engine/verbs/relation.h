#pragma once

#include <optional>
#include <vector>

#include <tupu/result.h>

#include "engine/verbs/edge_scope.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// One reason why two vertices are related: an edge between them, or two projected edges that meet in one end.
struct Relation {
  VertexId from{};
  VertexId to{};
  std::optional<VertexId> via;       // where the two edges meet
  EdgeReference near;                // the edge at `from`
  std::optional<EdgeReference> far;  // with `via`: the edge at `to`
};

/// Appends every relation of `from` over `scope`, in the order of Expand:
///   direct      an edge of a direct type, in either direction; an edge of a projected type, seen from its end (who builds
///               this centre);
///   projected   from -a-> via <-b- to, a and b of any projected types of the scope (types of one family count together).
/// Self loops and documents (kSourceLabel) are left out.
/// Cost  one Expand for `from`, one for each end of its projected edges.
Status AppendRelations(const GraphView& view, const EdgeScope& scope, VertexId from, std::vector<Relation>& out);

}  // namespace tupu
