#pragma once

#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/csr/csr_graph.h"

namespace tupu {

/// An undirected graph after its vertices of degree 1 were folded into their neighbours, again and again: what remains
/// has no vertex of degree 1. Company registers are mostly such leaves.
struct FoldedGraph {
  CsrGraph core;
  std::vector<VertexIndex> original;  // per core vertex
  std::vector<double> multiplicity;   // per core vertex: itself and all that was folded into it
  /// Per vertex of the input: betweenness over the pairs of which at least one end hangs below the vertex, each
  /// unordered pair once. The pairs with both ends elsewhere are paths of the core, between ends counted by
  /// multiplicity.
  std::vector<double> betweenness;
};

/// Requires: graph symmetric and simple. O(V + E). Errors: kCancelled.
Result<FoldedGraph> FoldLeaves(const CsrGraph& graph, const CancellationToken& cancellation);

}  // namespace tupu
