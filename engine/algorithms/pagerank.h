#pragma once

#include <cstdint>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/csr/csr_graph.h"

namespace tupu {

struct PageRankOptions {
  double damping = 0.85;          // in [0, 1)
  double tolerance = 1e-10;       // > 0: stops when one iteration changes the scores, summed up, by less
  uint32_t max_iterations = 200;  // >= 1
};

struct PageRankScores {
  std::vector<double> scores;
  uint32_t iterations = 0;
  bool converged = false;
};

/// PageRank of every vertex by power iteration in the pull direction.
///
/// Input   graph: CSR with in-direction, may be empty. A pair with k parallel arcs passes on k shares; self loops
///         count. In a weighted graph a share is the arc's part of its start's summed weight; weights >= 0
///         (BuildSlice guarantees it).
/// Result  scores[num_vertices], each in [0, 1], sum 1 within rounding; iterations; converged: the L1 distance to
///         the exact scores is then at most tolerance * damping / (1 - damping).
/// Cost    O(V + E) per iteration; 2 * V doubles beside the result.
/// Errors  kInvalidArgument for a parameter out of range or a graph without in-direction; kCancelled. Not
///         converging is a result.
/// Threads reads graph only; one thread, sums in a fixed order.
/// Source  Page, Brin, Motwani, Winograd (1999). Differs: the rank of vertices without out-arcs (or with summed
///         weight 0) is spread evenly over all vertices, so the sum stays 1.
Result<PageRankScores> PageRank(const CsrGraph& graph, const PageRankOptions& options,
                                const CancellationToken& cancellation);

}  // namespace tupu
