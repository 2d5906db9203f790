// The kernels against answers of igraph, NetworkX and a brute-force program on public data sets.

#include <ostream>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "engine/algorithms/betweenness.h"
#include "engine/algorithms/closeness.h"
#include "engine/algorithms/components.h"
#include "engine/algorithms/degree.h"
#include "engine/algorithms/pagerank.h"
#include "tests/engine/algorithms/reference_data.h"

namespace tupu::test {
namespace {

struct ReferenceSet {
  std::string name;
  std::string folder;
  std::set<std::string> types;
};
void PrintTo(const ReferenceSet& set, std::ostream* out) {
  *out << set.name;
}

class Reference : public testing::TestWithParam<ReferenceSet> {
 protected:
  void SetUp() override {
    folder_ = SharedDataSet(GetParam().folder);
    if (folder_.empty()) GTEST_SKIP() << "no shared data";
    reference_ = folder_ + (GetParam().types.empty() ? "/reference" : "/reference-ownership");
    edges_ = ReadEdgeList(folder_, GetParam().types);
  }

  void Expect(const std::string& metric, const Result<std::vector<double>>& scores) {
    ASSERT_TRUE(scores.has_value()) << scores.error().message;
    ExpectAgrees(reference_, metric, ById(edges_, *scores));
  }

  void ExpectPageRank(const std::string& metric, const CsrGraph& graph) {
    const auto result = PageRank(graph, {.tolerance = 1e-14, .max_iterations = 1000}, {});
    ASSERT_TRUE(result.has_value()) << result.error().message;
    EXPECT_TRUE(result->converged);
    ExpectAgrees(reference_, metric, ById(edges_, result->scores));
  }

  std::string folder_;
  std::string reference_;
  EdgeList edges_;
};

TEST_P(Reference, DegreesAgree) {
  Expect("out_degree", Degrees(AllRows(edges_), Direction::kOut));
  Expect("in_degree", Degrees(AllRows(edges_), Direction::kIn));
  Expect("degree_undirected_simple", Degrees(SimpleUndirected(edges_), Direction::kOut));
}

TEST_P(Reference, PageRankAgrees) {
  ExpectPageRank("pagerank", AllRows(edges_));
  ExpectPageRank("pagerank_simple", SimpleDirected(edges_));
  ExpectPageRank("pagerank_undirected_simple", SimpleUndirected(edges_));
}

TEST_P(Reference, BetweennessAgrees) {
  Expect("betweenness_undirected", Betweenness(SimpleUndirected(edges_), {}, {}));
  Expect("betweenness_directed", Betweenness(SimpleDirected(edges_), {}, {}));
}

TEST_P(Reference, ClosenessAgrees) {
  const auto totals = TotalDistances(SimpleUndirected(edges_), {});
  ASSERT_TRUE(totals.has_value());
  Expect("closeness_component", Closeness(*totals, ClosenessVariant::kComponent));
  Expect("closeness_wf", Closeness(*totals, ClosenessVariant::kWassermanFaust));
  Expect("harmonic", Harmonic(*totals, true));
}

TEST_P(Reference, ComponentsAgree) {
  const auto wide = [](const Components& components) {
    return std::vector<uint64_t>(components.component.begin(), components.component.end());
  };
  const auto weak = WeaklyConnectedComponents(SimpleUndirected(edges_), {});
  ASSERT_TRUE(weak.has_value());
  ExpectComponentsAgree(reference_, "weakly_connected_components", wide(*weak));
  const auto strong = StronglyConnectedComponents(AllRows(edges_), {});
  ASSERT_TRUE(strong.has_value());
  ExpectComponentsAgree(reference_, "strongly_connected_components", wide(*strong));
}

INSTANTIATE_TEST_SUITE_P(Sets, Reference,
                         testing::Values(ReferenceSet{"Karate", "karate", {}},
                                         ReferenceSet{"CnListedSh", "cn-listed-sh", {}},
                                         ReferenceSet{"CnListedShOwnership", "cn-listed-sh", {"HOLDS_SHARES"}}),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tupu::test
