#pragma once

#include <map>
#include <string_view>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/graph/graph_view.h"

namespace tupu {

/// The edge type from a brand or subsidiary to the group it belongs to. The one type name that verbs know: an ontology has
/// no member yet that says which ownership type means "belongs to" (a stake or a purchase alone does not).
inline constexpr std::string_view kBelongsToType = "SUBSIDIARY_OF";

/// `top` and all that belong to it, directly or through others: `top` first, then breadth first, ascending ids in a level.
/// Circles end where they meet. Only `top` where the data know no kBelongsToType.
Result<std::vector<VertexId>> GroupOf(const GraphView& view, VertexId top, const CancellationToken& cancellation);

/// Every vertex that belongs to another one, with the top of its group. A vertex with several owners counts with the one of
/// the least id; the members of a circle count with the least id in it.
/// Cost  one scan of all vertices, if the type is known at all.
Result<std::map<VertexId, VertexId>> TopsOfGroups(const GraphView& view, const CancellationToken& cancellation);

}  // namespace tupu
