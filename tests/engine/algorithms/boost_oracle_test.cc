// Our kernels against Boost.Graph's, over random graphs with hubs, leaves, cycles and several components; and Boost's
// algorithms stopped through the view.

#include <cmath>

#include <gtest/gtest.h>

#include <boost/graph/betweenness_centrality.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/property_map/function_property_map.hpp>

#include "engine/algorithms/betweenness.h"
#include "engine/algorithms/closeness.h"
#include "engine/algorithms/internal/boost_csr.h"
#include "tests/engine/algorithms/test_graphs.h"

namespace tupu::test {
namespace {

template <class T>
auto MapOver(std::vector<T>& values) {
  return boost::make_iterator_property_map(values.begin(), boost::typed_identity_property_map<VertexIndex>());
}

template <class DirectedCategory>
std::vector<double> BoostBetweenness(const CsrGraph& graph) {
  const CancellationToken never;
  const boost_csr::View<DirectedCategory> view(graph, never);
  std::vector<double> scores(graph.num_vertices(), 0.0);
  if (graph.weighted()) {
    boost::brandes_betweenness_centrality(
        view, boost::centrality_map(MapOver(scores)).weight_map(boost_csr::ArcWeights(graph)));
  } else {
    boost::brandes_betweenness_centrality(view, MapOver(scores));
  }
  return scores;
}

/// Sums over Dijkstra searches of Boost (every arc 1 long in an unweighted graph).
DistanceTotals BoostDistances(const CsrGraph& graph) {
  const CancellationToken never;
  const boost_csr::View<boost::directed_tag> view(graph, never);
  const VertexIndex n = graph.num_vertices();
  const std::vector<double> ones(graph.num_arcs(), 1.0);
  const double* weights = graph.weighted() ? graph.out().weights.data() : ones.data();
  const auto weight_map = boost::make_function_property_map<boost_csr::ArcDescriptor>(
      [weights](const boost_csr::ArcDescriptor& arc) { return weights[arc.position]; });
  DistanceTotals totals{std::vector<uint64_t>(n, 0), std::vector<double>(n, 0.0), std::vector<double>(n, 0.0)};
  for (VertexIndex source = 0; source < n; ++source) {
    std::vector<double> distance(n);
    boost::dijkstra_shortest_paths(view, source,
                                   boost::distance_map(MapOver(distance)).weight_map(weight_map).distance_inf(1e100));
    for (VertexIndex v = 0; v < n; ++v) {
      if (distance[v] >= 1e100) continue;
      ++totals.reached[source];
      totals.distance[source] += distance[v];
      if (v != source) totals.inverse_distance[source] += 1.0 / distance[v];
    }
  }
  return totals;
}

void ExpectClose(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t v = 0; v < actual.size(); ++v)
    EXPECT_LE(std::abs(actual[v] - expected[v]), 1e-10 * std::max(1.0, std::abs(expected[v]))) << "vertex " << v;
}

/// (vertices, arcs, seed): sparse ones fall into trees and leaves, dense ones into a core.
struct Shape {
  VertexIndex vertices;
  size_t arcs;
  uint64_t seed;
};

class BoostOracle : public testing::TestWithParam<Shape> {
 protected:
  CsrGraph Graph(bool directed, bool weighted) const {
    const auto arcs = RandomArcs(GetParam().vertices, GetParam().arcs, GetParam().seed);
    return directed ? Directed(GetParam().vertices, arcs, weighted) : Undirected(GetParam().vertices, arcs, weighted);
  }

  void ExpectSameDistances(const CsrGraph& graph) {
    const auto totals = TotalDistances(graph, {});
    ASSERT_TRUE(totals.has_value());
    const DistanceTotals expected = BoostDistances(graph);
    EXPECT_EQ(totals->reached, expected.reached);
    ExpectClose(totals->distance, expected.distance);
    ExpectClose(totals->inverse_distance, expected.inverse_distance);
  }
};

TEST_P(BoostOracle, BetweennessOfUndirectedGraphs) {
  ExpectClose(*Betweenness(Graph(false, false), {}, {}), BoostBetweenness<boost::undirected_tag>(Graph(false, false)));
}

TEST_P(BoostOracle, BetweennessOfDirectedGraphs) {
  ExpectClose(*Betweenness(Graph(true, false), {}, {}), BoostBetweenness<boost::directed_tag>(Graph(true, false)));
}

TEST_P(BoostOracle, BetweennessOverLengths) {
  ExpectClose(*Betweenness(Graph(false, true), {}, {}), BoostBetweenness<boost::undirected_tag>(Graph(false, true)));
  ExpectClose(*Betweenness(Graph(true, true), {}, {}), BoostBetweenness<boost::directed_tag>(Graph(true, true)));
}

TEST_P(BoostOracle, DistancesOfUndirectedGraphs) {
  ExpectSameDistances(Graph(false, false));
}
TEST_P(BoostOracle, DistancesOfDirectedGraphs) {
  ExpectSameDistances(Graph(true, false));
}
TEST_P(BoostOracle, DistancesOverLengths) {
  ExpectSameDistances(Graph(false, true));
  ExpectSameDistances(Graph(true, true));
}

INSTANTIATE_TEST_SUITE_P(Shapes, BoostOracle,
                         testing::Values(Shape{1, 0, 1}, Shape{64, 40, 2}, Shape{65, 90, 3}, Shape{150, 140, 4},
                                         Shape{150, 300, 5}, Shape{129, 3000, 6}),
                         [](const auto& instance) {
                           return std::to_string(instance.param.vertices) + "Vertices" +
                                  std::to_string(instance.param.arcs) + "Arcs";
                         });

TEST(BoostOracleLongPath, DistancesWhereSearchesArePushed) {
  std::vector<Arc> path;
  for (VertexIndex v = 0; v + 1 < 500; ++v) path.push_back({v, v + 1});
  const CsrGraph graph = Undirected(500, path);
  const DistanceTotals expected = BoostDistances(graph);
  const auto totals = TotalDistances(graph, {});
  ASSERT_TRUE(totals.has_value());
  EXPECT_EQ(totals->distance, expected.distance);
}

TEST(BoostView, StopsAnAlgorithmThatTakesNoToken) {
  const CsrGraph graph = Undirected(5000, RandomArcs(5000, 20000, 9));
  CancellationToken token;
  token.Cancel();
  const boost_csr::View<boost::undirected_tag> view(graph, token);
  std::vector<VertexIndex> component(graph.num_vertices());
  const Status status = boost_csr::Run([&] { boost::connected_components(view, MapOver(component)); });
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace tupu::test
