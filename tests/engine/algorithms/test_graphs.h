#pragma once

#include <cstdint>
#include <vector>

#include "storage/csr/csr_graph.h"

namespace tupu::test {

/// Vertices 0 to n - 1, their id being their position; the arcs as given, or both ways for an undirected graph.
CsrGraph Directed(VertexIndex num_vertices, const std::vector<Arc>& arcs, bool weighted = false);
CsrGraph Undirected(VertexIndex num_vertices, std::vector<Arc> edges, bool weighted = false);

/// Arcs drawn with a fixed generator, no loops, weights from {1, 2, 3, 4} so that different paths tie. The lower half
/// of the vertices is drawn more often (hubs), the top ones hardly (leaves and isolated vertices).
std::vector<Arc> RandomArcs(VertexIndex num_vertices, size_t count, uint64_t seed);

/// Zachary's karate club (1977): 34 members, 78 friendships.
CsrGraph Karate();

}  // namespace tupu::test
