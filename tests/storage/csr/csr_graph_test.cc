#include "storage/csr/csr_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<VertexId> Ids(size_t count, uint64_t step = 1) {
  std::vector<VertexId> ids;
  for (size_t i = 0; i < count; ++i) ids.push_back(VertexId{i * step});
  return ids;
}

TEST(CsrGraph, IsEmptyFromNothing) {
  for (const CsrGraph& graph : {CsrGraph(), CsrGraph::FromArcs({}, {}, {.with_in = true})}) {
    EXPECT_EQ(graph.num_vertices(), 0u);
    EXPECT_EQ(graph.num_arcs(), 0u);
    EXPECT_TRUE(graph.simple());
    EXPECT_TRUE(graph.Validate().has_value());
  }
}

TEST(CsrGraph, SortsListsInBothDirections) {
  const std::vector<Arc> arcs = {{2, 1}, {0, 2}, {2, 0}, {0, 1}, {3, 1}};
  const CsrGraph graph = CsrGraph::FromArcs(Ids(4), arcs, {.with_in = true});
  EXPECT_THAT(graph.OutNeighbours(0), ElementsAre(1, 2));
  EXPECT_THAT(graph.OutNeighbours(1), IsEmpty());
  EXPECT_THAT(graph.OutNeighbours(2), ElementsAre(0, 1));
  EXPECT_THAT(graph.InNeighbours(1), ElementsAre(0, 2, 3));
  EXPECT_EQ(graph.InDegree(3), 0u);
  EXPECT_TRUE(graph.simple());
  EXPECT_TRUE(graph.Validate().has_value());
}

TEST(CsrGraph, HasNoInDirectionUnlessAsked) {
  const std::vector<Arc> arcs = {{0, 1}};
  EXPECT_FALSE(CsrGraph::FromArcs(Ids(2), arcs, {}).has_in());
}

TEST(CsrGraph, KeepsParallelArcsInTheirOrder) {
  const std::vector<Arc> arcs = {{0, 1, 3.0}, {0, 0, 5.0}, {0, 1, 2.0}};
  const CsrGraph graph = CsrGraph::FromArcs(Ids(2), arcs, {.weighted = true, .with_in = true});
  EXPECT_THAT(graph.OutNeighbours(0), ElementsAre(0, 1, 1));
  EXPECT_THAT(graph.OutWeights(0), ElementsAre(5.0, 3.0, 2.0));
  EXPECT_THAT(graph.InWeights(1), ElementsAre(3.0, 2.0));
  EXPECT_FALSE(graph.simple());
}

TEST(CsrGraph, MergesParallelArcsAndDropsLoops) {
  const std::vector<Arc> arcs = {{0, 1, 3.0}, {1, 1, 9.0}, {0, 2, 1.0}, {0, 1, 2.0}, {1, 0, 7.0}};
  const CsrGraph sums =
      CsrGraph::FromArcs(Ids(3), arcs, {.weighted = true, .with_in = true, .parallel = ParallelArcs::kSumWeights});
  EXPECT_THAT(sums.OutNeighbours(0), ElementsAre(1, 2));
  EXPECT_THAT(sums.OutWeights(0), ElementsAre(5.0, 1.0));
  EXPECT_THAT(sums.OutNeighbours(1), ElementsAre(0));
  EXPECT_THAT(sums.InWeights(1), ElementsAre(5.0));
  EXPECT_TRUE(sums.simple());
  const CsrGraph least = CsrGraph::FromArcs(Ids(3), arcs, {.weighted = true, .parallel = ParallelArcs::kLeastWeight});
  EXPECT_THAT(least.OutWeights(0), ElementsAre(2.0, 1.0));
}

TEST(CsrGraph, ServesBothDirectionsOfASymmetricGraphFromOneList) {
  const std::vector<Arc> arcs = {{0, 1}, {1, 0}, {1, 2}, {2, 1}};
  const CsrGraph graph = CsrGraph::FromArcs(Ids(3), arcs, {.symmetric = true});
  EXPECT_TRUE(graph.has_in());
  EXPECT_EQ(graph.InNeighbours(1).data(), graph.OutNeighbours(1).data());
}

TEST(CsrGraph, MapsBetweenIdsAndPositions) {
  const CsrGraph graph = CsrGraph::FromArcs(Ids(3, 10), {}, {});
  EXPECT_EQ(graph.GetVertexId(2), VertexId{20});
  EXPECT_EQ(graph.FindIndex(VertexId{10}), 1u);
  EXPECT_EQ(graph.FindIndex(VertexId{11}), std::nullopt);
  EXPECT_EQ(graph.FindIndex(VertexId{30}), std::nullopt);
}

struct BrokenArrays {
  CsrAdjacency out;
  CsrGraph::Options options;
  std::string complaint;
};

TEST(CsrGraphFromArrays, RefusesWhatBreaksARule) {
  const std::vector<BrokenArrays> cases = {
      {{{0, 1}, {0}, {}}, {}, "one offset more"},
      {{{0, 1, 2}, {0}, {}}, {}, "offsets must run from 0"},
      {{{0, 2, 1}, {0}, {}}, {}, "must not decrease"},
      {{{0, 2, 2}, {1, 0}, {}}, {}, "not ascending"},
      {{{0, 1, 1}, {2}, {}}, {}, "beyond the last vertex"},
      {{{0, 1, 1}, {1}, {}}, {.weighted = true}, "weights must stand beside"},
      {{{0, 1, 1}, {1}, {}}, {.symmetric = true}, "has no reverse"},
      {{{0, 1, 2}, {1, 0}, {1.0, 2.0}}, {.symmetric = true, .weighted = true}, "weigh differently"},
  };
  for (const BrokenArrays& broken : cases) {
    const auto graph = CsrGraph::FromArrays(Ids(2), broken.out, broken.options);
    ASSERT_FALSE(graph.has_value()) << broken.complaint;
    EXPECT_EQ(graph.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(graph.error().message, HasSubstr(broken.complaint));
  }
  const auto ids_twice = CsrGraph::FromArrays({VertexId{1}, VertexId{1}}, {{0, 0, 0}, {}, {}}, {});
  ASSERT_FALSE(ids_twice.has_value());
  EXPECT_THAT(ids_twice.error().message, HasSubstr("ascending, each once"));
}

TEST(CsrGraphFromArrays, EqualsTheSameGraphFromArcs) {
  const std::vector<Arc> arcs = {{0, 1}, {0, 2}, {2, 0}, {2, 2}};
  const CsrGraph expected = CsrGraph::FromArcs(Ids(3), arcs, {.with_in = true});
  const auto graph = CsrGraph::FromArrays(Ids(3), expected.out(), {.with_in = true});
  ASSERT_TRUE(graph.has_value());
  EXPECT_EQ(graph->in().offsets, expected.in().offsets);
  EXPECT_EQ(graph->in().targets, expected.in().targets);
  EXPECT_FALSE(graph->simple());
}

}  // namespace
}  // namespace tupu
