#include "engine/algorithms/slice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/algorithms/centrality.h"
#include "tests/engine/algorithms/small_store.h"

namespace tupu::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr std::string_view kOntology = R"({
  "tupu_ontology": 1,
  "labels": {"Organization": {}, "Centre": {}, "Segment": {}, "Source": {}},
  "edge_types": {
    "PARTNERS": {"family": "cooperation", "symmetric": true},
    "JOINS": {"family": "cooperation"},
    "BUILDS": {"family": "cooperation", "via": "end"},
    "LEADS": {"family": "cooperation", "via": "end"},
    "OWNS": {"family": "ownership", "share": {"property": "pct", "unit": "%"},
             "properties": {"pct": {"type": "float"}}},
    "RIVALS": {"family": "rivalry"}
  },
  "families": {"cooperation": {}, "ownership": {}, "rivalry": {}}
})";

/// a - b partners, c joins a; c and d build X, e leads it; d alone builds Y; a owns b twice; s asserts things of a.
class SliceTest : public testing::Test {
 protected:
  SliceTest() : store_(kOntology) {
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) store_.AddVertex(name, {"Organization"});
    for (const char* name : {"X", "Y"}) store_.AddVertex(name, {"Centre"});
    store_.AddVertex("s", {"Source"});
    store_.AddEdge("b", "PARTNERS", "a");
    store_.AddEdge("c", "JOINS", "a");
    store_.AddEdge("c", "BUILDS", "X", {{"weight", Value(3.0)}});
    store_.AddEdge("c", "BUILDS", "X", {{"weight", Value(2)}});
    store_.AddEdge("d", "BUILDS", "X");
    store_.AddEdge("e", "LEADS", "X");
    store_.AddEdge("d", "BUILDS", "Y");
    store_.AddEdge("a", "OWNS", "b", {{"pct", Value(30.0)}});
    store_.AddEdge("a", "OWNS", "b", {{"pct", Value(20.0)}});
    store_.AddEdge("b", "OWNS", "c");
    store_.AddEdge("a", "OWNS", "a", {{"pct", Value(1.5)}});
    store_.AddEdge("s", "ASSERTS", "a", {{"note", Value("text")}});
    store_.Commit();
  }

  Slice Build(const SliceRequest& request) {
    auto slice = BuildSlice(store_.view(), request, {});
    EXPECT_TRUE(slice.has_value()) << slice.error().message;
    if (!slice) return {};
    EXPECT_TRUE(slice->graph.Validate().has_value());
    return std::move(slice).value();
  }

  Error Refused(const SliceRequest& request) {
    const auto slice = BuildSlice(store_.view(), request, {});
    EXPECT_FALSE(slice.has_value());
    return slice ? Error{} : slice.error();
  }

  /// Arcs as "a>b", with "=weight" in a weighted slice.
  std::vector<std::string> Arcs(const Slice& slice) {
    std::vector<std::string> arcs;
    for (VertexIndex v = 0; v < slice.graph.num_vertices(); ++v) {
      for (size_t i = 0; i < slice.graph.OutDegree(v); ++i) {
        std::string arc = Name(slice, v) + ">" + Name(slice, slice.graph.OutNeighbours(v)[i]);
        if (slice.graph.weighted()) arc += "=" + Value(slice.graph.OutWeights(v)[i]).ToString();
        arcs.push_back(arc);
      }
    }
    return arcs;
  }

  std::string Name(const Slice& slice, VertexIndex v) { return store_.NameOf(slice.graph.GetVertexId(v)); }

  std::vector<std::string> Vertices(const Slice& slice) {
    std::vector<std::string> names;
    for (VertexIndex v = 0; v < slice.graph.num_vertices(); ++v) names.push_back(Name(slice, v));
    return names;
  }

  std::map<std::string, uint64_t> StatedEdges(const Slice& slice) {
    std::map<std::string, uint64_t> edges;
    for (VertexIndex v = 0; v < slice.graph.num_vertices(); ++v) edges[Name(slice, v)] = slice.stated_edges[v];
    return edges;
  }

  SmallStore store_;
};

TEST_F(SliceTest, IsTheWholeGraphWithoutSourcesByDefault) {
  const Slice slice = Build({});
  EXPECT_THAT(Vertices(slice), ElementsAre("a", "b", "c", "d", "e", "f", "X", "Y"));
  // PARTNERS is symmetric: both arcs. The two OWNS from a to b are one arc, the loop at a is dropped.
  EXPECT_THAT(Arcs(slice), ElementsAre("a>b", "b>a", "b>c", "c>a", "c>X", "d>X", "d>Y", "e>X"));
  EXPECT_TRUE(slice.graph.simple());
  EXPECT_EQ(slice.num_stated_edges, 10u);
}

TEST_F(SliceTest, TakesSourcesWhenTheyAreNamed) {
  EXPECT_THAT(Arcs(Build({.labels = {"Source", "Organization"}, .types = {"ASSERTS"}})), ElementsAre("s>a"));
  EXPECT_THAT(Arcs(Build({.types = {"ASSERTS"}})), IsEmpty());
}

TEST_F(SliceTest, NamedTypesGiveTheVerticesThatTheyTouch) {
  const Slice slice = Build({.types = {"BUILDS"}});
  EXPECT_THAT(Arcs(slice), ElementsAre("c>X", "d>X", "d>Y"));
  EXPECT_THAT(Vertices(slice), ElementsAre("c", "d", "X", "Y"));
}

TEST_F(SliceTest, IsolatedAddsTheOthersThatCarryTheLabels) {
  const Slice slice = Build({.labels = {"Organization"}, .types = {"OWNS"}, .isolated = true});
  EXPECT_THAT(Vertices(slice), ElementsAre("a", "b", "c", "d", "e", "f"));
}

TEST_F(SliceTest, LabelsBindBothEnds) {
  EXPECT_THAT(Arcs(Build({.labels = {"Organization"}})), ElementsAre("a>b", "b>a", "b>c", "c>a"));
}

TEST_F(SliceTest, OrientationTurnsArcsAndSymmetricOnesStay) {
  const SliceRequest request{.types = {"PARTNERS", "JOINS"}};
  SliceRequest reverse = request;
  reverse.orientation = Orientation::kReverse;
  SliceRequest undirected = request;
  undirected.orientation = Orientation::kUndirected;
  EXPECT_THAT(Arcs(Build(request)), ElementsAre("a>b", "b>a", "c>a"));
  EXPECT_THAT(Arcs(Build(reverse)), ElementsAre("a>b", "a>c", "b>a"));
  EXPECT_THAT(Arcs(Build(undirected)), ElementsAre("a>b", "a>c", "b>a", "c>a"));
  EXPECT_TRUE(Build(undirected).graph.symmetric());
}

TEST_F(SliceTest, KeepsParallelEdgesAndLoopsWhenAsked) {
  SliceRequest request{.types = {"OWNS"}, .parallel_edges = ParallelEdges::kKept};
  EXPECT_THAT(Arcs(Build(request)), ElementsAre("a>a", "a>b", "a>b", "b>c"));
  EXPECT_THAT(StatedEdges(Build(request)), UnorderedElementsAre(Pair("a", 3), Pair("b", 3), Pair("c", 1)));
  request.orientation = Orientation::kUndirected;  // then a degree counts both ends of the loop
  EXPECT_THAT(Arcs(Build(request)), ElementsAre("a>a", "a>a", "a>b", "a>b", "b>a", "b>a", "b>c", "c>b"));
}

TEST_F(SliceTest, FamilyProjectsViaItsEnds) {
  const Slice slice = Build({.family = "cooperation", .orientation = Orientation::kUndirected});
  EXPECT_THAT(Arcs(slice), ElementsAre("a>b", "a>c", "b>a", "c>a", "c>d", "c>e", "d>c", "d>e", "e>c", "e>d"));
  // X and Y fell away. c rests on JOINS and its two BUILDS; Y gives d no pair, so that edge does not count.
  EXPECT_THAT(StatedEdges(slice),
              UnorderedElementsAre(Pair("a", 2), Pair("b", 1), Pair("c", 3), Pair("d", 1), Pair("e", 1)));
  EXPECT_EQ(slice.num_stated_edges, 6u);
}

TEST_F(SliceTest, PairsHaveNoDirection) {
  EXPECT_THAT(Arcs(Build({.types = {"BUILDS"}, .via = true})), ElementsAre("c>d", "d>c"));
}

TEST_F(SliceTest, FamilyIsTakenAsStatedWhenViaIsOff) {
  const Slice slice = Build({.family = "cooperation", .via = false});
  EXPECT_THAT(Arcs(slice), ElementsAre("a>b", "b>a", "c>a", "c>X", "d>X", "d>Y", "e>X"));
}

TEST_F(SliceTest, ViaEndNeedsNoneOfTheLabelsAndItsStartsDo) {
  EXPECT_THAT(Arcs(Build({.labels = {"Organization"}, .types = {"BUILDS"}, .via = true})), ElementsAre("c>d", "d>c"));
  EXPECT_THAT(Arcs(Build({.labels = {"Centre"}, .types = {"BUILDS"}, .via = true})), IsEmpty());
}

TEST_F(SliceTest, ViaEndStaysOnlyWhereAnotherEdgeTouchesIt) {
  const Slice slice = Build({.family = "cooperation", .isolated = true});
  EXPECT_THAT(Vertices(slice), ElementsAre("a", "b", "c", "d", "e", "f"));
  store_.AddEdge("X", "JOINS", "a");
  store_.Commit();
  EXPECT_THAT(Vertices(Build({.family = "cooperation"})), ElementsAre("a", "b", "c", "d", "e", "X"));
}

TEST_F(SliceTest, WeighsByAPropertyOrTheDeclaredOne) {
  const std::vector<std::string> expected = {"a>b=50.0", "b>c=1.0"};
  EXPECT_EQ(Arcs(Build({.types = {"OWNS"}, .weight_property = "pct"})), expected);
  EXPECT_EQ(Arcs(Build({.types = {"OWNS"}, .declared_weight = true})), expected);
  EXPECT_THAT(Arcs(Build({.types = {"OWNS"},
                          .weight_property = "pct",
                          .default_weight = 0.5,
                          .weight_meaning = WeightMeaning::kDistance})),
              ElementsAre("a>b=20.0", "b>c=0.5"));
}

TEST_F(SliceTest, WeighsPairsByTheirLegs) {
  // c's legs to X: 3 and 2; d's: 1 by default.
  EXPECT_THAT(Arcs(Build({.types = {"BUILDS"}, .via = true, .weight_property = "weight", .default_weight = 7.0})),
              ElementsAre("c>d=5.0", "d>c=5.0"));
  EXPECT_THAT(Arcs(Build({.types = {"BUILDS"},
                          .via = true,
                          .weight_property = "weight",
                          .default_weight = 7.0,
                          .weight_meaning = WeightMeaning::kDistance})),
              ElementsAre("c>d=9.0", "d>c=9.0"));
}

TEST_F(SliceTest, CountsAVertexAsItsGroup) {
  SliceRequest request{.types = {"OWNS", "JOINS"}};
  request.counted_as.emplace(store_.IdOf("b"), store_.IdOf("a"));
  const Slice slice = Build(request);
  EXPECT_THAT(Arcs(slice), ElementsAre("a>c", "c>a"));  // b OWNS c is a's; a OWNS b is within the group
  EXPECT_THAT(StatedEdges(slice), UnorderedElementsAre(Pair("a", 2), Pair("c", 2)));
}

TEST_F(SliceTest, NamesTheNearestOfWhatItDoesNotKnow) {
  EXPECT_EQ(Refused({.labels = {"Organisation"}}).code, ErrorCode::kNotFound);
  EXPECT_EQ(Refused({.labels = {"Organisation"}}).hint, "did you mean Organization?");
  EXPECT_THAT(Refused({.types = {"OWN"}}).message, HasSubstr("edge type \"OWN\""));
  EXPECT_EQ(Refused({.types = {"OWN"}}).hint, "did you mean OWNS?");
  EXPECT_EQ(Refused({.family = "co-operation"}).hint, "did you mean cooperation?");
  EXPECT_EQ(Refused({.weight_property = "pkt"}).hint, "did you mean pct?");
}

TEST_F(SliceTest, DeclaredButUnusedNamesGiveAnEmptySlice) {
  EXPECT_EQ(Build({.family = "rivalry"}).graph.num_vertices(), 0u);
  EXPECT_EQ(Build({.types = {"RIVALS"}}).graph.num_vertices(), 0u);
  EXPECT_EQ(Build({.labels = {"Segment"}}).graph.num_vertices(), 0u);
}

TEST_F(SliceTest, RefusesWhatContradictsItself) {
  EXPECT_EQ(Refused({.types = {"OWNS"}, .family = "ownership"}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Refused({.default_weight = -1.0}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Refused({.weight_property = "pct", .declared_weight = true}).code, ErrorCode::kInvalidArgument);
}

TEST_F(SliceTest, NamesTheEdgeWhoseWeightIsNone) {
  const Error error = Refused({.labels = {"Source", "Organization"}, .weight_property = "note"});
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error.message, AllOf(HasSubstr("ASSERTS"), HasSubstr("'text'")));
}

TEST_F(SliceTest, StopsWhenCancelled) {
  CancellationToken token;
  token.Cancel();
  EXPECT_EQ(BuildSlice(store_.view(), {}, token).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace tupu::test
