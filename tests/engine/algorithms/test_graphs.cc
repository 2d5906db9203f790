#include "tests/engine/algorithms/test_graphs.h"

#include <utility>

namespace tupu::test {
namespace {

std::vector<VertexId> Ids(VertexIndex count) {
  std::vector<VertexId> ids;
  for (VertexIndex i = 0; i < count; ++i) ids.push_back(VertexId{i});
  return ids;
}

}  // namespace

CsrGraph Directed(VertexIndex num_vertices, const std::vector<Arc>& arcs, bool weighted) {
  return CsrGraph::FromArcs(Ids(num_vertices), arcs,
                            {.weighted = weighted, .with_in = true, .parallel = ParallelArcs::kLeastWeight});
}

CsrGraph Undirected(VertexIndex num_vertices, std::vector<Arc> edges, bool weighted) {
  for (size_t i = 0, size = edges.size(); i < size; ++i)
    edges.push_back({edges[i].end, edges[i].start, edges[i].weight});
  return CsrGraph::FromArcs(Ids(num_vertices), edges,
                            {.symmetric = true, .weighted = weighted, .parallel = ParallelArcs::kLeastWeight});
}

std::vector<Arc> RandomArcs(VertexIndex num_vertices, size_t count, uint64_t seed) {
  uint64_t state = seed;
  const auto draw = [&state](uint64_t bound) {  // Knuth's MMIX generator, upper bits
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % bound;
  };
  std::vector<Arc> arcs;
  while (arcs.size() < count) {
    const auto start = static_cast<VertexIndex>(draw(draw(num_vertices) + 1));
    const auto end = static_cast<VertexIndex>(draw(draw(num_vertices) + 1));
    if (start != end) arcs.push_back({start, end, static_cast<double>(1 + draw(4))});
  }
  return arcs;
}

CsrGraph Karate() {
  return Undirected(34,
                    {{0, 1},   {0, 2},   {0, 3},   {0, 4},   {0, 5},   {0, 6},   {0, 7},   {0, 8},   {0, 10},  {0, 11},
                     {0, 12},  {0, 13},  {0, 17},  {0, 19},  {0, 21},  {0, 31},  {1, 2},   {1, 3},   {1, 7},   {1, 13},
                     {1, 17},  {1, 19},  {1, 21},  {1, 30},  {2, 3},   {2, 7},   {2, 8},   {2, 9},   {2, 13},  {2, 27},
                     {2, 28},  {2, 32},  {3, 7},   {3, 12},  {3, 13},  {4, 6},   {4, 10},  {5, 6},   {5, 10},  {5, 16},
                     {6, 16},  {8, 30},  {8, 32},  {8, 33},  {9, 33},  {13, 33}, {14, 32}, {14, 33}, {15, 32}, {15, 33},
                     {18, 32}, {18, 33}, {19, 33}, {20, 32}, {20, 33}, {22, 32}, {22, 33}, {23, 25}, {23, 27}, {23, 29},
                     {23, 32}, {23, 33}, {24, 25}, {24, 27}, {24, 31}, {25, 31}, {26, 29}, {26, 33}, {27, 33}, {28, 31},
                     {28, 33}, {29, 32}, {29, 33}, {30, 32}, {30, 33}, {31, 32}, {31, 33}, {32, 33}});
}

}  // namespace tupu::test
