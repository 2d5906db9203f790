// Each rule alone: the plan before and after, as one line.

#include <gtest/gtest.h>

#include "query/binder/binder.h"
#include "query/parser/parser.h"
#include "query/planner/build_logical_plan.h"
#include "query/planner/rules/rule.h"
#include "query/query.h"
#include "query/query_fixture.h"

namespace tupu {
namespace {

class Rules : public testing::Test {
 protected:
  void SetUp() override {
    fixture_ = QueryFixture::Open();
    // Many persons, few firms; many know each other, few work.
    fixture_->MustRun("UNWIND range(1, 50) AS i CREATE (:Person {name: 'p' + toString(i), i: i})");
    fixture_->MustRun("UNWIND range(1, 4) AS i CREATE (:Firm {name: 'f' + toString(i), i: i})");
    fixture_->MustRun("MATCH (a:Person), (b:Person) WHERE a.i < b.i AND b.i < a.i + 5 CREATE (a)-[:KNOWS]->(b)");
    fixture_->MustRun("MATCH (a:Person), (f:Firm) WHERE a.i = f.i CREATE (a)-[:WORKS_AT]->(f)");
  }

  using RuleFunction = LogicalPlan (*)(LogicalPlan, PlannerContext&);

  /// The plan of `text` after `rules`, in that order.
  std::string PlanOf(const std::string& text, std::vector<RuleFunction> rules, const PlanningOptions& options = {}) {
    const auto view = fixture_->store().Snapshot();
    const auto ast = Parse(text);
    if (!ast) return ast.error().message;
    const auto bound = Bind(*ast, fixture_->procedures());
    if (!bound) return bound.error().message;
    const BoundSingleQuery& branch = bound->branches[0];
    PlannerContext context{
        **view, branch.slots, bound->parameters, static_cast<Slot>(branch.slots.size()), 0, ReadSlots(branch.clauses),
        options};
    LogicalPlan plan = BuildLogicalPlan(branch.clauses, MakePlan(LogicalSingleRow{}), context);
    for (const auto rule : rules) plan = rule(std::move(plan), context);
    return Encode(*plan);
  }

  std::unique_ptr<QueryFixture> fixture_;
};

TEST_F(Rules, PushPredicatesMovesAFilterIntoThePattern) {
  const std::string query = "MATCH (p:Person) WITH p WHERE p.name = 'p1' RETURN p";
  EXPECT_EQ(PlanOf(query, {}), "Keep(Keep(Filter(Match(SingleRow))))");
  EXPECT_EQ(PlanOf(query, {PushPredicates}), "Keep(Keep(Match(SingleRow)))");
}

TEST_F(Rules, PushPredicatesLeavesAFilterOverLimitAndAggregation) {
  EXPECT_EQ(PlanOf("MATCH (p) WITH p LIMIT 3 WHERE p.i = 1 RETURN p", {PushPredicates}),
            "Keep(Keep(Filter(Limit(Match(SingleRow)))))");
  EXPECT_EQ(PlanOf("MATCH (p) WITH p.i AS i, count(*) AS n WHERE n > 1 RETURN i", {PushPredicates}),
            "Keep(Keep(Filter(Project(Aggregate(Match(SingleRow))))))");
}

TEST_F(Rules, OrderPatternSeeksByName) {
  EXPECT_EQ(PlanOf("MATCH (p:Person {name: 'p1'})-[:KNOWS]->(q) RETURN q", {OrderPattern}),
            "Keep(Expand:KNOWS(Filter(Filter(NodeByName(SingleRow)))))");
}

TEST_F(Rules, OrderPatternStartsAtTheRareLabelAndWalksBack) {
  EXPECT_EQ(PlanOf("MATCH (p:Person)-[:WORKS_AT]->(f:Firm) RETURN p", {OrderPattern}),
            "Keep(Filter(ExpandBack:WORKS_AT(NodeScan:Firm(SingleRow))))");
}

TEST_F(Rules, OrderPatternClosesACycleWithExpandInto) {
  const std::string plan =
      PlanOf("MATCH (a {name: 'p1'})-[:KNOWS]->(b)-[:KNOWS]->(c), (a)-[:KNOWS]->(c) RETURN c", {OrderPattern});
  EXPECT_NE(plan.find("ExpandInto:KNOWS"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("CartesianProduct"), std::string::npos) << plan;
}

TEST_F(Rules, OrderPatternJoinsPartsByEqualityOrElseByProduct) {
  const std::string joined = PlanOf("MATCH (a:Person), (f:Firm) WHERE a.i = f.i RETURN a", {OrderPattern});
  EXPECT_NE(joined.find("HashJoin("), std::string::npos) << joined;
  const std::string product = PlanOf("MATCH (a:Person), (f:Firm) RETURN a", {OrderPattern});
  EXPECT_NE(product.find("CartesianProduct("), std::string::npos) << product;
}

TEST_F(Rules, OrderPatternWithoutAChoiceDoesAsTheTextHasIt) {
  const std::string query = "MATCH (p:Person)-[:WORKS_AT]->(f:Firm {name: 'f1'}) RETURN p";
  const auto without = [&](const std::string& choice) { return PlanOf(query, {OrderPattern}, {true, {choice}}); };
  EXPECT_EQ(without(""), "Keep(Filter(ExpandBack:WORKS_AT(Filter(Filter(NodeByName(SingleRow))))))");
  EXPECT_EQ(without("Seek"), "Keep(Filter(ExpandBack:WORKS_AT(Filter(NodeScan:Firm(SingleRow)))))");
  EXPECT_EQ(without("EstimatedOrder"), "Keep(Filter(Filter(Expand:WORKS_AT(NodeScan:Person(SingleRow)))))");
  EXPECT_EQ(PlanOf(query, {OrderPattern}, {true, {"LabelScan", "Seek"}}),
            "Keep(Filter(ExpandBack:WORKS_AT(Filter(Filter(NodeScan(SingleRow))))))");
  EXPECT_EQ(without("EarlyFilter"), "Keep(Filter(Filter(Filter(ExpandBack:WORKS_AT(NodeByName(SingleRow))))))");
  const std::string parts = "MATCH (a:Person), (f:Firm) WHERE a.i = f.i RETURN a";
  EXPECT_EQ(PlanOf(parts, {OrderPattern}, {true, {"Join"}}), "Keep(Filter(NodeScan:Person(NodeScan:Firm(SingleRow))))");
}

TEST_F(Rules, NotOptimizedIsThePatternAsItIsWritten) {
  const auto plan = [&](const std::string& query) {
    return PlanOf(query,
                  {[](LogicalPlan each, PlannerContext& context) { return ApplyRules(std::move(each), context); }},
                  {.optimize = false});
  };
  EXPECT_EQ(plan("MATCH (p:Person)-[:WORKS_AT]->(f:Firm {name: 'f1'}) RETURN p ORDER BY p.i LIMIT 1"),
            "Keep(Limit(Sort(Filter(Filter(Filter(Expand:WORKS_AT(NodeScan(SingleRow))))))))");
  EXPECT_EQ(plan("MATCH (p:Person) RETURN count(*)"), "Keep(Project(Aggregate(Filter(NodeScan(SingleRow)))))");
  EXPECT_EQ(plan("MATCH (p) CREATE (:Copy)"), "Eager(Create(Eager(NodeScan(SingleRow))))");
}

TEST_F(Rules, ARuleIsLeftOutByItsName) {
  const auto explain = [&](const PlanningOptions& options) {
    const auto view = fixture_->store().Snapshot();
    const auto query = CompileQuery("MATCH (p:Person) WHERE (p)-->() RETURN p.name AS n ORDER BY n LIMIT 2", **view,
                                    fixture_->procedures(), options);
    return query ? (*query)->Explain() : query.error().message;
  };
  EXPECT_NE(explain({}).find("TopK"), std::string::npos);
  EXPECT_NE(explain({}).find("SemiApply"), std::string::npos);
  EXPECT_EQ(explain({true, {"UseTopK"}}).find("TopK"), std::string::npos);
  EXPECT_NE(explain({true, {"UseTopK"}}).find("SemiApply"), std::string::npos);
  EXPECT_EQ(explain({true, {"UseSemiApply"}}).find("SemiApply"), std::string::npos);
}

TEST_F(Rules, UseSemiApplyTakesPatternPredicates) {
  const std::string query = "MATCH (p:Person) WHERE (p)-[:WORKS_AT]->() RETURN p";
  EXPECT_EQ(PlanOf(query, {OrderPattern}), "Keep(Filter(NodeScan:Person(SingleRow)))");
  EXPECT_EQ(PlanOf(query, {OrderPattern, UseSemiApply}),
            "Keep(SemiApply(NodeScan:Person(SingleRow), Expand:WORKS_AT(Argument)))");
  EXPECT_EQ(PlanOf("MATCH (p:Person) WHERE NOT (p)-[:WORKS_AT]->() RETURN p", {OrderPattern, UseSemiApply}),
            "Keep(AntiSemiApply(NodeScan:Person(SingleRow), Expand:WORKS_AT(Argument)))");
}

TEST_F(Rules, UseSemiApplyTakesSubqueriesThatMakeRowsOfRows) {
  const auto plan_of = [&](const std::string& condition) {
    return PlanOf("MATCH (p:Person) WHERE " + condition + " RETURN p", {OrderPattern, UseSemiApply});
  };
  const std::string semi = "SemiApply(NodeScan:Person(SingleRow), Expand:KNOWS(Argument)))";
  EXPECT_EQ(plan_of("EXISTS { (p)-[:KNOWS]->() }"), "Keep(" + semi);
  EXPECT_EQ(plan_of("EXISTS { MATCH (p)-[:KNOWS]->(q) RETURN DISTINCT q ORDER BY q.i }"), "Keep(" + semi);
  EXPECT_EQ(plan_of("NOT EXISTS { (p)-[:KNOWS]->() }"), "Keep(Anti" + semi);
  EXPECT_EQ(plan_of("COUNT { (p)-[:KNOWS]->() } >= 1"), "Keep(" + semi);
  EXPECT_EQ(plan_of("COUNT { (p)-[:KNOWS]->() } = 0"), "Keep(Anti" + semi);
  const std::string filter = "Keep(Filter(NodeScan:Person(SingleRow)))";
  EXPECT_EQ(plan_of("EXISTS { MATCH (p)-[:KNOWS]->(q) RETURN q LIMIT 0 }"), filter);
  EXPECT_EQ(plan_of("EXISTS { MATCH (p)-[:KNOWS]->(q) WITH count(q) AS n WHERE n > 3 RETURN n }"), filter);
  EXPECT_EQ(plan_of("p.i > 1 OR EXISTS { (p)-[:KNOWS]->() }"), filter);
  EXPECT_EQ(plan_of("COUNT { (p)-[:KNOWS]->() } > 1"), filter);
}

TEST_F(Rules, UseCountApplyCountsForABatchOfRows) {
  const auto plan_of = [&](const std::string& item) {
    return PlanOf("MATCH (p:Person) RETURN " + item + " AS n", {OrderPattern, UseCountApply});
  };
  EXPECT_EQ(plan_of("COUNT { (p)-[:KNOWS]->() } + 1"),
            "Keep(Project(CountApply(NodeScan:Person(SingleRow), Expand:KNOWS(Argument))))");
  EXPECT_EQ(plan_of("COUNT { MATCH (p)-[:KNOWS]->(q) RETURN DISTINCT q }"),
            "Keep(Project(NodeScan:Person(SingleRow)))");
  EXPECT_EQ(plan_of("CASE WHEN p.i > 0 THEN COUNT { (p)-[:KNOWS]->() } END"),
            "Keep(Project(NodeScan:Person(SingleRow)))");
}

TEST_F(Rules, UnnestApplyPutsSubqueriesAmongTheClausesAround) {
  const std::string correlated = "MATCH (p:Person) CALL (p) { MATCH (p)-[:KNOWS]->(q) RETURN q } RETURN p, q";
  EXPECT_EQ(PlanOf(correlated, {}), "Keep(Apply(Match(SingleRow), Keep(Match(Argument))))");
  EXPECT_EQ(PlanOf(correlated, {UnnestApply}), "Keep(Match(Match(SingleRow)))");
  const std::string alone = "MATCH (p:Person) CALL { MATCH (q) RETURN count(q) AS n } RETURN p, n";
  EXPECT_EQ(PlanOf(alone, {UnnestApply}),
            "Keep(CartesianProduct(Match(SingleRow), Keep(Project(Aggregate(Match(SingleRow))))))");
  EXPECT_EQ(PlanOf("CALL { MATCH (q) RETURN q } RETURN q", {UnnestApply}), "Keep(Keep(Match(SingleRow)))");
  EXPECT_EQ(PlanOf("MATCH (p) CALL (p) { MATCH (p)--(q) RETURN count(q) AS n } RETURN n", {UnnestApply}),
            "Keep(Apply(Match(SingleRow), Keep(Project(Recall(Aggregate(Match(Argument)))))))");
  EXPECT_EQ(PlanOf("MATCH (p) CALL { RETURN rand() AS r } RETURN r", {UnnestApply}), "Keep(Project(Match(SingleRow)))");
  EXPECT_EQ(PlanOf("MATCH (p) CALL (p) { CREATE (q) RETURN q } RETURN q", {UnnestApply}),
            "Keep(Apply(Match(SingleRow), Keep(Create(Argument))))");
}

TEST_F(Rules, CountFromStatisticsReplacesScansThatOnlyCount) {
  const auto counted = [&](const std::string& query) { return PlanOf(query, {OrderPattern, CountFromStatistics}); };
  EXPECT_NE(counted("MATCH (p:Person) RETURN count(*)").find("CountFromStatistics:Person"), std::string::npos);
  EXPECT_NE(counted("MATCH ()-[k:KNOWS]->() RETURN count(k)").find("CountFromStatistics:KNOWS"), std::string::npos);
  EXPECT_EQ(counted("MATCH (p:Person) WHERE p.i > 3 RETURN count(*)").find("CountFromStatistics"), std::string::npos);
  EXPECT_EQ(counted("MATCH (p:Person) RETURN count(p.i)").find("CountFromStatistics"), std::string::npos);
  EXPECT_EQ(counted("MATCH (p:Person)--() RETURN count(*)").find("CountFromStatistics"), std::string::npos);
}

TEST_F(Rules, UseTopKReplacesASortUnderALimit) {
  const std::string query = "UNWIND [2, 1] AS x RETURN x ORDER BY x SKIP 1 LIMIT 1";
  EXPECT_EQ(PlanOf(query, {}), "Keep(Limit(Skip(Sort(Unwind(SingleRow)))))");
  EXPECT_EQ(PlanOf(query, {UseTopK}), "Keep(Limit(Skip(TopK(Unwind(SingleRow)))))");
}

TEST_F(Rules, PushLimitGoesBelowProjections) {
  const std::string query = "UNWIND [2, 1] AS x RETURN x + 1 AS y LIMIT 1";
  EXPECT_EQ(PlanOf(query, {}), "Keep(Limit(Project(Unwind(SingleRow))))");
  EXPECT_EQ(PlanOf(query, {PushLimit}), "Keep(Project(Limit(Unwind(SingleRow))))");
  EXPECT_EQ(PlanOf("MATCH (p:Person) RETURN COUNT { (p)-[:KNOWS]->() } AS n LIMIT 1",
                   {OrderPattern, UseCountApply, PushLimit}),
            "Keep(Project(CountApply(Limit(NodeScan:Person(SingleRow)), Expand:KNOWS(Argument))))");
}

TEST_F(Rules, InsertEagerSeparatesSubqueriesThatWriteFromWhatIsAroundThem) {
  EXPECT_EQ(PlanOf("MATCH (p) CALL (p) { DETACH DELETE p }", {OrderPattern, InsertEager}),
            "Eager(Apply(Eager(NodeScan(SingleRow)), EmptyResult(Delete(Argument))))");
  EXPECT_EQ(PlanOf("UNWIND [1] AS x FOREACH (y IN [x] | CREATE (:A {y: y})) WITH x MATCH (a:A) RETURN a",
                   {OrderPattern, InsertEager}),
            "Keep(CartesianProduct(Eager(Keep(Apply(Unwind(SingleRow), EmptyResult(Create(Unwind(Argument)))))), "
            "NodeScan:A(SingleRow)))");
}

TEST_F(Rules, InsertEagerSeparatesReadsAndWrites) {
  EXPECT_EQ(PlanOf("MATCH (p:Person) CREATE (:Person)", {OrderPattern, InsertEager}),
            "Eager(Create(Eager(NodeScan:Person(SingleRow))))");
  EXPECT_EQ(PlanOf("UNWIND [1] AS x CREATE (n {x: x}) RETURN n", {InsertEager}),
            "Eager(Keep(Create(Unwind(SingleRow))))");
  EXPECT_EQ(PlanOf("MATCH (p:Person) RETURN p", {OrderPattern, InsertEager}), "Keep(NodeScan:Person(SingleRow))");
}

}  // namespace
}  // namespace tupu
