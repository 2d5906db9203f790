// Kernels against graphs that can be computed by hand, and their refusals.

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/algorithms/betweenness.h"
#include "engine/algorithms/closeness.h"
#include "engine/algorithms/components.h"
#include "engine/algorithms/degree.h"
#include "engine/algorithms/pagerank.h"
#include "tests/engine/algorithms/test_graphs.h"

namespace tupu::test {
namespace {

using testing::DoubleEq;
using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

template <class T>
T Value(Result<T> result) {
  EXPECT_TRUE(result.has_value()) << result.error().message;
  return result ? std::move(result).value() : T{};
}

CancellationToken Cancelled() {
  CancellationToken token;
  token.Cancel();
  return token;
}

const std::vector<Arc> kPath = {{0, 1}, {1, 2}, {2, 3}};  // 0 - 1 - 2 - 3

TEST(Degrees, CountEachDirection) {
  const CsrGraph graph = Directed(3, {{0, 1}, {0, 2}, {1, 2}});
  EXPECT_THAT(Value(Degrees(graph, Direction::kOut)), ElementsAre(2, 1, 0));
  EXPECT_THAT(Value(Degrees(graph, Direction::kIn)), ElementsAre(0, 1, 2));
  EXPECT_THAT(Value(Degrees(graph, Direction::kBoth)), ElementsAre(2, 2, 2));
}

TEST(Degrees, CountASelfLoopOncePerDirection) {
  const std::vector<Arc> loop = {{0, 0}};
  const CsrGraph graph = CsrGraph::FromArcs({VertexId{0}}, loop, {.with_in = true});
  EXPECT_THAT(Value(Degrees(graph, Direction::kOut)), ElementsAre(1));
  EXPECT_THAT(Value(Degrees(graph, Direction::kBoth)), ElementsAre(2));
}

TEST(Degrees, SumWeights) {
  const CsrGraph graph = Directed(3, {{0, 1, 0.5}, {0, 2, 2.0}}, true);
  EXPECT_THAT(Value(Degrees(graph, Direction::kOut)), ElementsAre(2.5, 0, 0));
}

TEST(Degrees, NeedTheInDirectionThatTheyAreAskedFor) {
  const std::vector<Arc> arcs = {{0, 1}};
  const CsrGraph graph = CsrGraph::FromArcs({VertexId{0}, VertexId{1}}, arcs, {});
  EXPECT_EQ(Degrees(graph, Direction::kIn).error().code, ErrorCode::kInvalidArgument);
}

TEST(PageRank, IsEvenOnARing) {
  const CsrGraph graph = Directed(4, {{0, 1}, {1, 2}, {2, 3}, {3, 0}});
  const PageRankScores ranks = Value(PageRank(graph, {}, {}));
  EXPECT_THAT(ranks.scores, Each(DoubleNear(0.25, 1e-12)));
  EXPECT_TRUE(ranks.converged);
}

TEST(PageRank, SpreadsTheRankOfVerticesWithoutOutArcs) {
  // 0 -> 1, d = 0.5. Of x and y: x = 1/4 + y/4, y = 1/4 + x/2 + y/4, hence x = 0.4, y = 0.6.
  const PageRankScores ranks = Value(PageRank(Directed(2, {{0, 1}}), {.damping = 0.5, .tolerance = 1e-14}, {}));
  EXPECT_THAT(ranks.scores, ElementsAre(DoubleNear(0.4, 1e-12), DoubleNear(0.6, 1e-12)));
}

TEST(PageRank, GivesAPairWithTwoArcsTwoShares) {
  const std::vector<Arc> parallel = {{0, 1}, {0, 1}, {0, 2}};
  const std::vector<VertexId> ids = {VertexId{0}, VertexId{1}, VertexId{2}};
  const CsrGraph graph = CsrGraph::FromArcs(ids, parallel, {.with_in = true});
  const CsrGraph weighted = Directed(3, {{0, 1, 2.0}, {0, 2, 1.0}}, true);
  const auto ranks = Value(PageRank(graph, {}, {})).scores;
  const auto expected = Value(PageRank(weighted, {}, {})).scores;
  for (size_t v = 0; v < 3; ++v) EXPECT_NEAR(ranks[v], expected[v], 1e-12);
  EXPECT_GT(ranks[1], ranks[2]);
}

TEST(PageRank, TreatsArcsWithoutWeightAsNone) {
  const CsrGraph graph = Directed(2, {{0, 1, 0.0}}, true);
  EXPECT_THAT(Value(PageRank(graph, {}, {})).scores, Each(DoubleNear(0.5, 1e-12)));
}

TEST(PageRank, TellsWhenIterationsRunOut) {
  const PageRankScores ranks = Value(PageRank(Directed(4, kPath), {.tolerance = 1e-15, .max_iterations = 2}, {}));
  EXPECT_FALSE(ranks.converged);
  EXPECT_EQ(ranks.iterations, 2u);
}

TEST(PageRank, RefusesParametersOutOfRange) {
  const CsrGraph graph = Directed(4, kPath);
  for (const PageRankOptions& options :
       {PageRankOptions{.damping = 1.0}, PageRankOptions{.damping = -0.1}, PageRankOptions{.damping = NAN},
        PageRankOptions{.tolerance = 0.0}, PageRankOptions{.max_iterations = 0}})
    EXPECT_EQ(PageRank(graph, options, {}).error().code, ErrorCode::kInvalidArgument);
}

TEST(Betweenness, CountsPairsOnAPath) {
  EXPECT_THAT(Value(Betweenness(Undirected(4, kPath), {}, {})), ElementsAre(0, 2, 2, 0));
  EXPECT_THAT(Value(Betweenness(Directed(4, kPath), {}, {})), ElementsAre(0, 2, 2, 0));
}

TEST(Betweenness, SharesAPairBetweenEquallyShortPaths) {
  // A ring of four: each pair of opposite corners has two paths.
  const CsrGraph ring = Undirected(4, {{0, 1}, {1, 2}, {2, 3}, {3, 0}});
  EXPECT_THAT(Value(Betweenness(ring, {}, {})), Each(DoubleEq(0.5)));
}

TEST(Betweenness, NormalizesByThePairsOfOthers) {
  const std::vector<Arc> star = {{0, 1}, {0, 2}, {0, 3}, {0, 4}};
  EXPECT_THAT(Value(Betweenness(Undirected(5, star), {.normalized = true}, {})), ElementsAre(1, 0, 0, 0, 0));
  const CsrGraph through = Directed(3, {{0, 1}, {1, 2}});
  EXPECT_THAT(Value(Betweenness(through, {.normalized = true}, {})), ElementsAre(0, 0.5, 0));
  EXPECT_THAT(Value(Betweenness(Undirected(2, {{0, 1}}), {.normalized = true}, {})), ElementsAre(0, 0));
}

TEST(Betweenness, FollowsLengthsNotHops) {
  // 0 - 2 directly is 5 long, by way of 1 it is 2.
  const CsrGraph graph = Undirected(3, {{0, 2, 5.0}, {0, 1, 1.0}, {1, 2, 1.0}}, true);
  EXPECT_THAT(Value(Betweenness(graph, {}, {})), ElementsAre(0, 1, 0));
}

TEST(Betweenness, CountsFoldedLeavesOfSeveralComponents) {
  // A triangle 0 1 2 with a tail 2 - 3 - 4, beside a path 5 - 6 - 7 and a lonely 8.
  const CsrGraph graph = Undirected(9, {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 4}, {5, 6}, {6, 7}});
  EXPECT_THAT(Value(Betweenness(graph, {}, {})), ElementsAre(0, 0, 4, 3, 0, 0, 1, 0, 0));
}

TEST(Betweenness, SampledFromAllIsExactAndFromSomeRepeats) {
  const CsrGraph karate = Karate();
  const auto exact = Value(Betweenness(karate, {}, {}));
  EXPECT_EQ(Value(Betweenness(karate, {.sampling_size = 34}, {})), exact);
  const auto sampled = Value(Betweenness(karate, {.sampling_size = 10, .sampling_seed = 7}, {}));
  EXPECT_EQ(Value(Betweenness(karate, {.sampling_size = 10, .sampling_seed = 7}, {})), sampled);
  EXPECT_NE(Value(Betweenness(karate, {.sampling_size = 10, .sampling_seed = 8}, {})), sampled);
}

TEST(Betweenness, SamplingIsUnbiased) {
  const CsrGraph karate = Karate();
  const auto exact = Value(Betweenness(karate, {}, {}));
  constexpr uint64_t kDraws = 2000;
  double sum = 0.0;
  for (uint64_t seed = 0; seed < kDraws; ++seed)
    sum += Value(Betweenness(karate, {.sampling_size = 8, .sampling_seed = seed}, {}))[0];
  EXPECT_NEAR(sum / kDraws, exact[0], 0.03 * exact[0]);
}

TEST(Betweenness, RefusesGraphsItCannotRead) {
  const std::vector<Arc> parallel = {{0, 1}, {0, 1}};
  const CsrGraph multi = CsrGraph::FromArcs({VertexId{0}, VertexId{1}}, parallel, {});
  EXPECT_THAT(Betweenness(multi, {}, {}).error().message, HasSubstr("simple graph"));
  const CsrGraph zero = Undirected(2, {{0, 1, 0.0}}, true);
  EXPECT_THAT(Betweenness(zero, {}, {}).error().message, HasSubstr("above 0"));
}

TEST(Closeness, MeasuresWithinTheComponentOrScaledByIt) {
  const CsrGraph graph = Undirected(6, {{0, 1}, {1, 2}, {3, 4}});  // 5 is alone
  EXPECT_THAT(Closeness(Value(TotalDistances(graph, {})), ClosenessVariant::kComponent),
              ElementsAre(DoubleEq(2.0 / 3), 1, DoubleEq(2.0 / 3), 1, 1, 0));
  EXPECT_THAT(
      Closeness(Value(TotalDistances(graph, {})), ClosenessVariant::kWassermanFaust),
      ElementsAre(DoubleEq(2.0 / 3 * 0.4), DoubleEq(0.4), DoubleEq(2.0 / 3 * 0.4), DoubleEq(0.2), DoubleEq(0.2), 0));
}

TEST(Closeness, FollowsArcsFromTheVertex) {
  const CsrGraph graph = Directed(4, kPath);
  EXPECT_THAT(Closeness(Value(TotalDistances(graph, {})), ClosenessVariant::kComponent),
              ElementsAre(0.5, DoubleEq(2.0 / 3), 1, 0));
}

TEST(Harmonic, SumsInverseDistances) {
  const CsrGraph graph = Undirected(4, kPath);
  const double end = 1.0 + 1.0 / 2 + 1.0 / 3;
  EXPECT_THAT(Harmonic(Value(TotalDistances(graph, {})), false), ElementsAre(DoubleEq(end), 2.5, 2.5, DoubleEq(end)));
  EXPECT_THAT(Harmonic(Value(TotalDistances(graph, {})), true)[1], DoubleEq(2.5 / 3));
}

TEST(Harmonic, MeasuresLengths) {
  const CsrGraph graph = Undirected(3, {{0, 1, 2.0}, {1, 2, 4.0}, {0, 2, 100.0}}, true);
  EXPECT_THAT(Harmonic(Value(TotalDistances(graph, {})), false),
              ElementsAre(DoubleEq(1.0 / 2 + 1.0 / 6), DoubleEq(1.0 / 2 + 1.0 / 4), DoubleEq(1.0 / 4 + 1.0 / 6)));
}

TEST(Closeness, RefusesLengthsThatAreNotAboveZero) {
  const CsrGraph graph = Undirected(2, {{0, 1, 0.0}}, true);
  EXPECT_EQ(TotalDistances(graph, {}).error().code, ErrorCode::kInvalidArgument);
}

TEST(WeaklyConnectedComponents, AreNumberedByTheirLeastVertex) {
  const Components components = Value(WeaklyConnectedComponents(Undirected(6, {{4, 0}, {1, 3}, {3, 5}}), {}));
  EXPECT_THAT(components.component, ElementsAre(0, 1, 2, 1, 0, 1));
  EXPECT_EQ(components.count, 3u);
}

TEST(WeaklyConnectedComponents, RefuseADirectedGraph) {
  EXPECT_EQ(WeaklyConnectedComponents(Directed(4, kPath), {}).error().code, ErrorCode::kInvalidArgument);
}

TEST(StronglyConnectedComponents, FollowDirection) {
  const CsrGraph graph = Directed(5, {{3, 4}, {4, 3}, {3, 0}, {0, 1}, {1, 2}, {2, 0}});
  const Components components = Value(StronglyConnectedComponents(graph, {}));
  EXPECT_THAT(components.component, ElementsAre(0, 0, 0, 1, 1));
  EXPECT_EQ(components.count, 2u);
}

TEST(Kernels, AgreeWithPublishedValuesOnTheKarateClub) {
  // Vertex 0 is the instructor, 33 the administrator. Values of igraph 0.10.2.
  const CsrGraph karate = Karate();
  EXPECT_EQ(karate.num_arcs(), 2 * 78u);
  const auto betweenness = Value(Betweenness(karate, {}, {}));
  EXPECT_NEAR(betweenness[0], 231.0714285714286, 1e-9);
  EXPECT_NEAR(betweenness[33], 160.5515873015873, 1e-9);
  EXPECT_NEAR(Closeness(Value(TotalDistances(karate, {})), ClosenessVariant::kWassermanFaust)[0], 0.5689655172413793,
              1e-12);
  EXPECT_NEAR(Harmonic(Value(TotalDistances(karate, {})), true)[33], 0.7045454545454543, 1e-12);
  EXPECT_NEAR(Value(PageRank(karate, {}, {})).scores[33], 0.1009191823326258, 1e-9);
}

TEST(Kernels, GiveNothingForAnEmptyGraph) {
  const CsrGraph empty = CsrGraph::FromArcs({}, {}, {.symmetric = true});
  EXPECT_THAT(Value(Degrees(empty, Direction::kBoth)), IsEmpty());
  EXPECT_THAT(Value(PageRank(empty, {}, {})).scores, IsEmpty());
  EXPECT_THAT(Value(Betweenness(empty, {}, {})), IsEmpty());
  EXPECT_THAT(Harmonic(Value(TotalDistances(empty, {})), true), IsEmpty());
  EXPECT_EQ(Value(WeaklyConnectedComponents(empty, {})).count, 0u);
  EXPECT_EQ(Value(StronglyConnectedComponents(empty, {})).count, 0u);
}

TEST(Kernels, StopWhenCancelled) {
  const CsrGraph karate = Karate();
  const CsrGraph weighted = Undirected(3, {{0, 1, 2.0}, {1, 2, 1.0}}, true);
  const auto stopped = [](const auto& result) { return !result && result.error().code == ErrorCode::kCancelled; };
  EXPECT_TRUE(stopped(PageRank(karate, {}, Cancelled())));
  EXPECT_TRUE(stopped(Betweenness(karate, {}, Cancelled())));
  EXPECT_TRUE(stopped(TotalDistances(karate, Cancelled())));
  EXPECT_TRUE(stopped(TotalDistances(weighted, Cancelled())));
  EXPECT_TRUE(stopped(WeaklyConnectedComponents(karate, Cancelled())));
  EXPECT_TRUE(stopped(StronglyConnectedComponents(karate, Cancelled())));
}

}  // namespace
}  // namespace tupu::test
