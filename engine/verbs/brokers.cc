#include "engine/verbs/brokers.h"

#include <algorithm>

#include "engine/algorithms/betweenness.h"
#include "engine/verbs/relation.h"
#include "storage/csr/csr_graph.h"

namespace tupu {

namespace {

// The members as a simple undirected graph: one pair of arcs for each two that are related.
Result<CsrGraph> RelationsAmong(const GraphView& view, const EdgeScope& scope, const std::set<VertexId>& members,
                                const CancellationToken& cancellation) {
  std::vector<VertexId> vertices(members.begin(), members.end());
  std::vector<Arc> arcs;
  std::vector<Relation> relations;
  for (size_t i = 0; i < vertices.size(); ++i) {
    TUPU_TRY(cancellation.Check());
    relations.clear();
    TUPU_TRY(AppendRelations(view, scope, vertices[i], relations));
    std::set<VertexIndex> partners;
    for (const Relation& relation : relations) {
      const auto found = std::lower_bound(vertices.begin(), vertices.end(), relation.to);
      if (found != vertices.end() && *found == relation.to)
        partners.insert(static_cast<VertexIndex>(found - vertices.begin()));
    }
    for (const VertexIndex partner : partners) {
      arcs.push_back({static_cast<VertexIndex>(i), partner});
      arcs.push_back({partner, static_cast<VertexIndex>(i)});
    }
  }
  // Most relations are seen from both ends, those from the end of a projected edge from one alone.
  const auto ends = [](const Arc& arc) { return std::pair(arc.start, arc.end); };
  std::sort(arcs.begin(), arcs.end(), [&](const Arc& a, const Arc& b) { return ends(a) < ends(b); });
  arcs.erase(std::unique(arcs.begin(), arcs.end(), [&](const Arc& a, const Arc& b) { return ends(a) == ends(b); }),
             arcs.end());
  return CsrGraph::FromArcs(std::move(vertices), arcs, {.symmetric = true});
}

}  // namespace

Result<std::vector<Broker>> FindBrokers(const GraphView& view, const EdgeScope& scope,
                                        const std::set<VertexId>& members, const CancellationToken& cancellation) {
  TUPU_TRY_ASSIGN(const CsrGraph graph, RelationsAmong(view, scope, members, cancellation));
  TUPU_TRY_ASSIGN(const std::vector<double> scores, Betweenness(graph, {}, cancellation));
  std::vector<Broker> brokers;
  for (VertexIndex v = 0; v < graph.num_vertices(); ++v)
    if (scores[v] > 0) brokers.push_back({graph.GetVertexId(v), scores[v], graph.OutDegree(v)});
  std::stable_sort(brokers.begin(), brokers.end(),
                   [](const Broker& a, const Broker& b) { return a.betweenness > b.betweenness; });
  return brokers;
}

}  // namespace tupu
