#include "engine/algorithms/procedures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/algorithms/centrality.h"
#include "query/procedure/procedure.h"
#include "tests/engine/algorithms/small_store.h"

namespace tupu::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// hub is bound to x, y and z; y and z to each other; far1 to far2, twice.
class ProceduresTest : public testing::Test {
 protected:
  ProceduresTest() {
    for (const char* name : {"x", "hub", "y", "z", "far1", "far2"}) store_.AddVertex(name, {"Firm"});
    store_.AddEdge("hub", "BOUND", "x");
    store_.AddEdge("hub", "BOUND", "y");
    store_.AddEdge("z", "BOUND", "hub");
    store_.AddEdge("y", "BOUND", "z");
    store_.AddEdge("far1", "BOUND", "far2", {{"weight", Value(2.5)}});
    store_.AddEdge("far1", "BOUND", "far2", {{"weight", Value(0.5)}});
    store_.Commit();
    RegisterAlgorithmProcedures(registry_);
  }

  Result<ProcedureRows> Call(std::string_view name, const std::vector<Value>& arguments,
                             const CancellationToken& cancellation = {}) {
    const Procedure* procedure = registry_.Find(name);
    if (procedure == nullptr) return Error{ErrorCode::kNotFound, "not registered"};
    return procedure->function({store_.view(), cancellation}, arguments);
  }

  /// Rows as "name score edges" or "name component".
  std::vector<std::string> Rows(std::string_view name, const Map& config) {
    const auto rows = Call(name, {Value(config)});
    EXPECT_TRUE(rows.has_value()) << rows.error().message;
    std::vector<std::string> texts;
    for (const auto& row : rows.value_or(ProcedureRows{})) {
      std::string text = store_.NameOf(row[0].AsVertexReference());
      for (size_t i = 1; i < row.size(); ++i) text += " " + row[i].ToString();
      texts.push_back(text);
    }
    return texts;
  }

  SmallStore store_;
  ProcedureRegistry registry_;
};

TEST_F(ProceduresTest, AreRegisteredWithTheirColumns) {
  std::vector<std::string> names;
  for (const auto& [name, procedure] : registry_.procedures()) {
    names.push_back(name);
    EXPECT_EQ(procedure.signature.name, name);
    EXPECT_FALSE(procedure.signature.description.empty());
    ASSERT_EQ(procedure.signature.inputs.size(), 1u);
    EXPECT_TRUE(procedure.signature.inputs[0].default_value.has_value());
    EXPECT_EQ(procedure.signature.outputs[0].type, "NODE");
  }
  EXPECT_THAT(names, ElementsAre("tupu.betweenness", "tupu.closeness", "tupu.degree", "tupu.harmonic", "tupu.pagerank",
                                 "tupu.scc", "tupu.wcc"));
}

TEST_F(ProceduresTest, DegreeFollowsTheOrientation) {
  EXPECT_THAT(Rows("tupu.degree", {{"orientation", "UNDIRECTED"}}),
              ElementsAre("hub 3.0 3", "y 2.0 2", "z 2.0 2", "x 1.0 1", "far1 1.0 2", "far2 1.0 2"));
  EXPECT_THAT(Rows("tupu.degree", {{"parallelEdges", "KEEP"}}),
              ElementsAre("hub 2.0 3", "far1 2.0 2", "y 1.0 2", "z 1.0 2", "x 0.0 1", "far2 0.0 2"));
  EXPECT_EQ(Rows("tupu.degree", {{"orientation", "REVERSE"}, {"weight", "weight"}})[0], "far2 3.0 2");
}

TEST_F(ProceduresTest, BetweennessComesHighestFirst) {
  const auto rows = Rows("tupu.betweenness", {{"orientation", "UNDIRECTED"}});
  EXPECT_EQ(rows[0], "hub 2.0 3");
  EXPECT_EQ(rows[1], "x 0.0 1");
  EXPECT_EQ(rows.size(), 6u);
}

TEST_F(ProceduresTest, DistancesTakeTheShortestOfParallelEdges) {
  EXPECT_THAT(Rows("tupu.closeness", {{"weight", "weight"}, {"wassermanFaust", false}})[0], "far1 2.0 2");
  EXPECT_THAT(Rows("tupu.harmonic", {{"weight", "weight"}, {"normalized", false}}), testing::Contains("far1 2.0 2"));
}

TEST_F(ProceduresTest, PageRankSumsToOne) {
  const auto rows = Call("tupu.pagerank", {});
  ASSERT_TRUE(rows.has_value());
  double sum = 0.0;
  for (const auto& row : *rows) sum += row[1].AsFloat();
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_GE((*rows)[0][1].AsFloat(), (*rows)[1][1].AsFloat());
}

TEST_F(ProceduresTest, ComponentsAreNumberedFromTheLeastVertex) {
  EXPECT_THAT(Rows("tupu.wcc", {}), ElementsAre("x 0", "hub 0", "y 0", "z 0", "far1 1", "far2 1"));
  EXPECT_THAT(Rows("tupu.scc", {}), ElementsAre("x 0", "hub 1", "y 1", "z 1", "far1 2", "far2 3"));
}

TEST_F(ProceduresTest, ErrorsNameTheProcedureAndTheKey) {
  const auto unknown = Call("tupu.wcc", {Value(Map{{"label", Value("Firm")}})});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(unknown.error().message, AllOf(HasSubstr("tupu.wcc"), HasSubstr("\"label\"")));
  EXPECT_EQ(unknown.error().hint, "did you mean labels?");
  EXPECT_THAT(Call("tupu.wcc", {Value("Firm")}).error().message, HasSubstr("must be a map"));
  EXPECT_EQ(Call("tupu.wcc", {Value(Map{{"labels", Value("Frim")}})}).error().code, ErrorCode::kNotFound);
}

TEST_F(ProceduresTest, StopWhenCancelled) {
  CancellationToken token;
  token.Cancel();
  for (const auto& [name, procedure] : registry_.procedures())
    EXPECT_EQ(Call(name, {}, token).error().code, ErrorCode::kCancelled) << name;
}

TEST_F(ProceduresTest, ShortestPathsRefuseParallelEdgesKept) {
  CentralityRequest request;
  request.slice.parallel_edges = ParallelEdges::kKept;
  const auto result = ComputeCentrality(store_.view(), request, {});
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().message, HasSubstr("leave them merged"));
}

TEST_F(ProceduresTest, CentralityTellsItsSize) {
  const auto result = ComputeCentrality(store_.view(), {.measure = CentralityMeasure::kPageRank}, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->num_vertices, 6u);
  EXPECT_EQ(result->num_stated_edges, 6u);
  EXPECT_TRUE(result->converged);
  EXPECT_GT(result->iterations, 1u);
}

TEST(CentralityMeasure, IsParsedByNameInAnyCase) {
  for (const auto measure : {CentralityMeasure::kDegree, CentralityMeasure::kPageRank, CentralityMeasure::kBetweenness,
                             CentralityMeasure::kCloseness, CentralityMeasure::kHarmonic})
    EXPECT_EQ(*ParseCentralityMeasure(Name(measure)), measure);
  EXPECT_EQ(*ParseCentralityMeasure("PageRank"), CentralityMeasure::kPageRank);
  const auto unknown = ParseCentralityMeasure("betweeness");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().hint, "did you mean betweenness?");
}

}  // namespace
}  // namespace tupu::test
