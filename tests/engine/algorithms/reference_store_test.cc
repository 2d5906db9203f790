// The same references through the whole way: loaded files, a store, a slice of it, the entry that commands and
// procedures use.

#include <array>

#include <gtest/gtest.h>

#include "engine/algorithms/centrality.h"
#include "loaders/load.h"
#include "storage/graph/graph_store.h"
#include "storage/graph/graph_view.h"
#include "tests/engine/algorithms/reference_data.h"

namespace tupu::test {
namespace {

struct LoadedSet {
  std::unique_ptr<GraphStore> store;
  std::shared_ptr<const GraphView> view;
};

/// Loads a data set once per run of the tests; empty after a failure, which is reported.
const LoadedSet& Loaded(const std::string& folder) {
  static std::map<std::string, LoadedSet> sets;
  const auto [at, is_new] = sets.try_emplace(folder);
  if (!is_new) return at->second;
  auto store = GraphStore::OpenInMemory();
  EXPECT_TRUE(store.has_value());
  const auto loaded = LoadInto(**store, std::array{folder}, {});
  EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
  const auto view = (*store)->Snapshot();
  EXPECT_TRUE(view.has_value());
  if (loaded && view) at->second = {std::move(*store), *view};
  return at->second;
}

class ReferenceStore : public testing::Test {
 protected:
  void Open(const std::string& name, const std::string& reference) {
    const std::string folder = SharedDataSet(name);
    if (folder.empty()) GTEST_SKIP() << "no shared data";
    reference_ = folder + "/" + reference;
    view_ = Loaded(folder).view.get();
    ASSERT_NE(view_, nullptr);
  }

  std::string ExternalId(VertexId vertex) {
    const auto record = view_->FindVertex(vertex);
    return record && *record && (*record)->external_id ? (*record)->external_id->id : "";
  }

  void Expect(const std::string& metric, CentralityMeasure measure, SliceRequest slice,
              std::optional<bool> wasserman_faust = {}) {
    CentralityRequest request{.measure = measure, .slice = std::move(slice), .tolerance = 1e-14};
    request.max_iterations = 1000;
    request.wasserman_faust = wasserman_faust.value_or(true);
    const auto result = ComputeCentrality(*view_, request, {});
    ASSERT_TRUE(result.has_value()) << result.error().message;
    std::map<std::string, double> scores;
    for (const CentralityRow& row : result->rows) scores.emplace(ExternalId(row.vertex), row.score);
    ASSERT_EQ(scores.size(), result->rows.size());
    ExpectAgrees(reference_, metric, scores);
  }

  void ExpectComponents(const SliceRequest& slice) {
    for (const auto& [kind, member] : {std::pair(ComponentKind::kWeak, "weakly_connected_components"),
                                       std::pair(ComponentKind::kStrong, "strongly_connected_components")}) {
      const auto rows = ComputeComponents(*view_, slice, kind, {});
      ASSERT_TRUE(rows.has_value()) << rows.error().message;
      std::vector<uint64_t> components;
      for (const ComponentRow& row : *rows) components.push_back(row.component);
      ExpectComponentsAgree(reference_, member, components);
    }
  }

  /// Everything that is quick on tens of thousands of edges.
  void ExpectQuickMeasures(const SliceRequest& slice) {
    SliceRequest kept = slice;
    kept.parallel_edges = ParallelEdges::kKept;
    SliceRequest undirected = slice;
    undirected.orientation = Orientation::kUndirected;
    SliceRequest reverse = kept;
    reverse.orientation = Orientation::kReverse;
    Expect("out_degree", CentralityMeasure::kDegree, kept);
    Expect("in_degree", CentralityMeasure::kDegree, reverse);
    Expect("degree_undirected_simple", CentralityMeasure::kDegree, undirected);
    Expect("pagerank", CentralityMeasure::kPageRank, kept);
    Expect("pagerank_simple", CentralityMeasure::kPageRank, slice);
    Expect("pagerank_undirected_simple", CentralityMeasure::kPageRank, undirected);
    Expect("betweenness_directed", CentralityMeasure::kBetweenness, slice);
    ExpectComponents(slice);
  }

  void ExpectPathMeasures(SliceRequest slice) {
    slice.orientation = Orientation::kUndirected;
    Expect("betweenness_undirected", CentralityMeasure::kBetweenness, slice);
    Expect("closeness_wf", CentralityMeasure::kCloseness, slice);
    Expect("closeness_component", CentralityMeasure::kCloseness, slice, false);
    Expect("harmonic", CentralityMeasure::kHarmonic, slice);
  }

  std::string reference_;
  const GraphView* view_ = nullptr;
};

TEST_F(ReferenceStore, KarateAgrees) {
  Open("karate", "reference");
  if (view_ == nullptr) return;
  ExpectQuickMeasures({});
  ExpectPathMeasures({});
}

TEST_F(ReferenceStore, CnListedShAgrees) {
  Open("cn-listed-sh", "reference");
  if (view_ == nullptr) return;
  ExpectQuickMeasures({});
}

TEST_F(ReferenceStore, CnListedShOwnershipAgrees) {
  Open("cn-listed-sh", "reference-ownership");
  if (view_ == nullptr) return;
  ExpectQuickMeasures({.types = {"HOLDS_SHARES"}});
  ExpectPathMeasures({.types = {"HOLDS_SHARES"}});
}

}  // namespace
}  // namespace tupu::test
