#pragma once

#include <set>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "engine/verbs/ecosystem.h"
#include "engine/verbs/edge_scope.h"

namespace tupu {

/// Betweenness (undirected, each pair once) over the relations of `scope` among `members` alone; zeros left out, highest
/// first, then ascending id. Cost O(members * relations).
Result<std::vector<Broker>> FindBrokers(const GraphView& view, const EdgeScope& scope,
                                        const std::set<VertexId>& members, const CancellationToken& cancellation);

}  // namespace tupu
