#pragma once

#include <cstdint>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/csr/csr_graph.h"

namespace tupu {

struct BetweennessOptions {
  bool normalized = false;     // divided by the number of pairs of other vertices
  uint64_t sampling_size = 0;  // 0, or not below the number of vertices: exact
  uint64_t sampling_seed = 1;  // the same seed draws the same sources, on every machine
};

/// Betweenness of every vertex: over all pairs of other vertices, the part of their shortest paths that runs
/// through it.
///
/// Input   graph: simple (BuildSlice with ParallelEdges::kMerged guarantees it). A symmetric graph is read as
///         undirected and counts each unordered pair once; any other counts ordered pairs. In a weighted graph
///         weights are lengths and must be above 0; two paths are equally short if their summed lengths are equal
///         as doubles.
/// Result  scores[num_vertices]. Path ends do not count. With sampling, sums over the sources drawn, scaled by V /
///         size: an unbiased estimate.
/// Cost    O(S E), weighted O(S E log V), for S sources; 48 * V bytes beside the result. Undirected and exact,
///         vertices of degree 1 are folded away first, again and again: S and E are then those of what remains (a
///         second CSR).
/// Errors  kInvalidArgument for a graph that is not simple or a weight that is not above 0; kCancelled.
/// Threads reads graph only; one thread, sums in a fixed order.
/// Source  Brandes (2001); Brandes and Pich (2007) for sampling; folding after Baglioni, Geraci, Pellegrini,
///         Lastres (2012). Differs: no predecessor lists, dependencies are pulled over the out-arcs, a level at a
///         time. The number of shortest paths is a double: it is rounded above 2^53.
Result<std::vector<double>> Betweenness(const CsrGraph& graph, const BetweennessOptions& options,
                                        const CancellationToken& cancellation);

}  // namespace tupu
