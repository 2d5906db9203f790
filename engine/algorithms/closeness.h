#pragma once

#include <cstdint>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/csr/csr_graph.h"

namespace tupu {

/// Sums over the distances from every vertex, along the arcs, to all that it reaches.
struct DistanceTotals {
  std::vector<uint64_t> reached;         // vertices, itself included
  std::vector<double> distance;          // sum of distances
  std::vector<double> inverse_distance;  // sum of 1 / distance, itself left out
};

/// Distances from every vertex to all others.
///
/// Input   graph: any, with in-direction. In a weighted graph weights are lengths and must be above 0.
/// Cost    unweighted: vertices go in batches of 64; a batch costs at most O(V + E) per level, and never more than
///         about four times 64 breadth-first searches. Weighted O(V E log V). 32 * V bytes beside the result.
/// Errors  kInvalidArgument for a graph without in-direction or a weight that is not above 0; kCancelled.
/// Threads reads graph only; one thread, sums in a fixed order.
/// Source  Then, Kaufmann, Chirigati, Hoang-Vu, Pham, Kemper, Neumann, Vo (2014): many searches in one, a bit each.
Result<DistanceTotals> TotalDistances(const CsrGraph& graph, const CancellationToken& cancellation);

enum class ClosenessVariant : uint8_t {
  kComponent,       // (r - 1) / sum of distances; r: vertices reached, itself included
  kWassermanFaust,  // the same, times (r - 1) / (n - 1); n: vertices of the graph
};

/// Closeness of every vertex, from its distances: 0 for one that reaches nothing. In a directed graph distances are
/// measured from the vertex; reverse the graph for distances to it. Source: Wasserman and Faust (1994).
std::vector<double> Closeness(const DistanceTotals& totals, ClosenessVariant variant);

/// Harmonic centrality, from the distances: the sum of 1 / distance to all others, what is not reached adding 0;
/// `normalized` divides it by n - 1. Source: Marchiori and Latora (2000).
std::vector<double> Harmonic(DistanceTotals totals, bool normalized);

}  // namespace tupu
