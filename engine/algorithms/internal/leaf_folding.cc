#include "engine/algorithms/internal/leaf_folding.h"

#include "engine/algorithms/components.h"
#include "storage/base/check.h"

namespace tupu {
namespace {

/// The state of folding, over the vertices of the input.
struct Folding {
  explicit Folding(const CsrGraph& graph)
      : degree(graph.num_vertices()),
        folded(graph.num_vertices(), 0),
        hanging(graph.num_vertices(), 1.0),
        betweenness(graph.num_vertices(), 0.0) {
    for (VertexIndex v = 0; v < graph.num_vertices(); ++v) degree[v] = graph.OutDegree(v);
  }

  /// Folds `leaf`, of degree 1 by now, into its last neighbour, and returns that one.
  VertexIndex Fold(const CsrGraph& graph, VertexIndex leaf) {
    folded[leaf] = 1;
    for (const VertexIndex v : graph.OutNeighbours(leaf)) {
      if (folded[v]) continue;
      // Paths between the leaf's side and what hung below v before run through v.
      betweenness[v] += hanging[leaf] * (hanging[v] - 1.0);
      hanging[v] += hanging[leaf];
      degree[leaf] = 0;
      --degree[v];
      return v;
    }
    TUPU_CHECK(false);  // degree 1 means that a neighbour is left
    return leaf;
  }

  std::vector<uint64_t> degree;
  std::vector<char> folded;
  std::vector<double> hanging;  // the vertex and all folded into it
  std::vector<double> betweenness;
};

void FoldAll(const CsrGraph& graph, Folding& folding) {
  for (VertexIndex first = 0; first < graph.num_vertices(); ++first)
    for (VertexIndex v = first; folding.degree[v] == 1 && !folding.folded[v];) v = folding.Fold(graph, v);
}

/// Paths between what hangs below a vertex and everything outside of it run through the vertex.
Status AddPathsToOutside(const CsrGraph& graph, Folding& folding, const CancellationToken& cancellation) {
  TUPU_TRY_ASSIGN(const Components components, WeaklyConnectedComponents(graph, cancellation));
  std::vector<double> size(components.count, 0.0);
  for (const VertexIndex component : components.component) size[component] += 1.0;
  for (VertexIndex v = 0; v < graph.num_vertices(); ++v)
    folding.betweenness[v] += (folding.hanging[v] - 1.0) * (size[components.component[v]] - folding.hanging[v]);
  return {};
}

void BuildCore(const CsrGraph& graph, const Folding& folding, FoldedGraph& result) {
  std::vector<VertexIndex> core_index(graph.num_vertices(), 0);
  std::vector<VertexId> ids;
  for (VertexIndex v = 0; v < graph.num_vertices(); ++v) {
    if (folding.folded[v]) continue;
    core_index[v] = static_cast<VertexIndex>(result.original.size());
    result.original.push_back(v);
    result.multiplicity.push_back(folding.hanging[v]);
    ids.push_back(graph.GetVertexId(v));
  }
  std::vector<Arc> arcs;
  for (const VertexIndex v : result.original) {
    const auto targets = graph.OutNeighbours(v);
    for (size_t i = 0; i < targets.size(); ++i) {
      if (folding.folded[targets[i]]) continue;
      arcs.push_back({core_index[v], core_index[targets[i]], graph.weighted() ? graph.OutWeights(v)[i] : 1.0});
    }
  }
  result.core = CsrGraph::FromArcs(std::move(ids), arcs, {.symmetric = true, .weighted = graph.weighted()});
}

}  // namespace

Result<FoldedGraph> FoldLeaves(const CsrGraph& graph, const CancellationToken& cancellation) {
  TUPU_CHECK(graph.symmetric() && graph.simple());
  Folding folding(graph);
  FoldAll(graph, folding);
  TUPU_TRY(AddPathsToOutside(graph, folding, cancellation));
  FoldedGraph result;
  BuildCore(graph, folding, result);
  result.betweenness = std::move(folding.betweenness);
  return result;
}

}  // namespace tupu
