// Plans that use indexes, before and after; and the same answers with and without them.

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "query/binder/binder.h"
#include "query/parser/parser.h"
#include "query/planner/build_logical_plan.h"
#include "query/planner/rules/rule.h"
#include "query/query_fixture.h"

namespace tupu {
namespace {

class IndexPlans : public testing::Test {
 protected:
  void SetUp() override {
    fixture_ = QueryFixture::Open();
    fixture_->MustRun("UNWIND range(1, 200) AS i CREATE (:Person {id: i, age: i % 50, city: 'c' + toString(i % 4)})");
    fixture_->MustRun("UNWIND range(1, 20) AS i CREATE (:Firm {id: i})");
    fixture_->MustRun("MATCH (a:Person), (f:Firm) WHERE a.id % 20 = f.id - 1 CREATE (a)-[:WORKS {since: a.id}]->(f)");
  }

  std::string PlanOf(const std::string& text) {
    const auto view = fixture_->store().Snapshot();
    const auto ast = Parse(text);
    if (!ast) return ast.error().message;
    const auto bound = Bind(*ast, fixture_->procedures());
    if (!bound) return bound.error().message;
    const BoundSingleQuery& branch = bound->branches[0];
    PlannerContext context{
        **view, branch.slots, bound->parameters, static_cast<Slot>(branch.slots.size()), 0, ReadSlots(branch.clauses)};
    return Encode(*OrderPattern(
        PushPredicates(BuildLogicalPlan(branch.clauses, MakePlan(LogicalSingleRow{}), context), context), context));
  }

  /// The plan of `text` before the index is there, and after.
  void ExpectPlans(const std::string& index, const std::string& text, const std::string& before,
                   const std::string& after) {
    EXPECT_EQ(PlanOf(text), before);
    fixture_->MustRun(index);
    EXPECT_EQ(PlanOf(text), after);
  }

  std::unique_ptr<QueryFixture> fixture_;
};

TEST_F(IndexPlans, EqualityInAMapSeeks) {
  ExpectPlans("CREATE INDEX i FOR (p:Person) ON (p.id)", "MATCH (p:Person {id: 7}) RETURN p",
              "Keep(Filter(NodeScan:Person(SingleRow)))", "Keep(Filter(NodeIndexSeek:i(SingleRow)))");
}

TEST_F(IndexPlans, ComparisonsListsAndPrefixesSeek) {
  const std::vector<std::string> predicates = {"p.id = $x", "$x = p.id", "p.id IN [1, 2, 3]", "p.id IN $ids",
                                               "p.id < 9",  "9 >= p.id", "p.id > $low",       "3 < p.id <= 9"};
  const auto plan_of = [&](const std::string& predicate) {
    return PlanOf("MATCH (p:Person) WHERE " + predicate + " RETURN p");
  };
  for (const std::string& predicate : predicates)
    EXPECT_EQ(plan_of(predicate), "Keep(Filter(NodeScan:Person(SingleRow)))") << predicate;
  fixture_->MustRun("CREATE INDEX i FOR (p:Person) ON (p.id)");
  for (const std::string& predicate : predicates)
    EXPECT_EQ(plan_of(predicate), "Keep(Filter(NodeIndexSeek:i(SingleRow)))") << predicate;
}

TEST_F(IndexPlans, TwoBoundsSeekOnce) {
  ExpectPlans("CREATE INDEX i FOR (p:Person) ON (p.id)", "MATCH (p:Person) WHERE p.id > 3 AND p.id < 9 RETURN p",
              "Keep(Filter(Filter(NodeScan:Person(SingleRow))))", "Keep(Filter(Filter(NodeIndexSeek:i(SingleRow))))");
}

TEST_F(IndexPlans, PrefixesSeek) {
  ExpectPlans("CREATE INDEX c FOR (p:Person) ON (p.city)", "MATCH (p:Person) WHERE p.city STARTS WITH 'c1' RETURN p",
              "Keep(Filter(NodeScan:Person(SingleRow)))", "Keep(Filter(NodeIndexSeek:c(SingleRow)))");
}

TEST_F(IndexPlans, WhatAnIndexCannotAnswerScans) {
  fixture_->MustRun("CREATE INDEX i FOR (p:Person) ON (p.id)");
  for (const std::string predicate :
       {"p.id <> 3", "p.id + 1 = 3", "p.id = p.age", "p.id = rand()", "p.id = datetime.realtime().epochMillis",
        "p.id IS NULL", "p.id = 3 OR p.age = 4", "NOT p.id = 3", "p.age = 3"})
    EXPECT_EQ(PlanOf("MATCH (p:Person) WHERE " + predicate + " RETURN p").find("IndexSeek"), std::string::npos)
        << predicate;
  EXPECT_EQ(PlanOf("MATCH (p) WHERE p.id = 3 RETURN p").find("IndexSeek"), std::string::npos) << "no label";
  EXPECT_EQ(PlanOf("MATCH (p:Firm) WHERE p.id = 3 RETURN p").find("IndexSeek"), std::string::npos) << "another label";
}

TEST_F(IndexPlans, ARangeOverNearlyAllScans) {
  fixture_->MustRun("CREATE INDEX i FOR (p:Person) ON (p.id)");
  EXPECT_EQ(PlanOf("MATCH (p:Person) WHERE p.id > 5 RETURN p"), "Keep(Filter(NodeScan:Person(SingleRow)))");
  EXPECT_EQ(PlanOf("MATCH (p:Person) WHERE p.id > 150 RETURN p"), "Keep(Filter(NodeIndexSeek:i(SingleRow)))");
}

TEST_F(IndexPlans, CompositeNeedsAllOfItsProperties) {
  ExpectPlans("CREATE INDEX both FOR (p:Person) ON (p.city, p.age)", "MATCH (p:Person {city: 'c1', age: 3}) RETURN p",
              "Keep(Filter(Filter(NodeScan:Person(SingleRow))))",
              "Keep(Filter(Filter(NodeIndexSeek:both(SingleRow))))");
  EXPECT_EQ(PlanOf("MATCH (p:Person {city: 'c1'}) RETURN p").find("IndexSeek"), std::string::npos)
      << "persons without age are not in the index";
  EXPECT_EQ(PlanOf("MATCH (p:Person {city: 'c1'}) WHERE p.age > 10 RETURN p"),
            "Keep(Filter(Filter(NodeIndexSeek:both(SingleRow))))");
  EXPECT_EQ(PlanOf("MATCH (p:Person {city: 'c1'}) WHERE p.age IS NOT NULL RETURN p"),
            "Keep(Filter(Filter(NodeIndexSeek:both(SingleRow))))");
}

TEST_F(IndexPlans, TheMoreSelectiveIndexWins) {
  fixture_->MustRun("CREATE INDEX a FOR (p:Person) ON (p.age)");
  fixture_->MustRun("CREATE INDEX i FOR (p:Person) ON (p.id)");
  EXPECT_NE(PlanOf("MATCH (p:Person {age: 3, id: 7}) RETURN p").find("NodeIndexSeek:i"), std::string::npos);
}

TEST_F(IndexPlans, ValuesOfEarlierRowsSeekRowByRow) {
  ExpectPlans("CREATE INDEX i FOR (p:Person) ON (p.id)", "UNWIND [1, 2] AS x MATCH (p:Person {id: x}) RETURN p",
              "Keep(HashJoin(Unwind(SingleRow), NodeScan:Person(SingleRow)))",
              "Keep(Filter(NodeIndexSeek:i(Unwind(SingleRow))))");
  EXPECT_EQ(PlanOf("UNWIND [1, 2] AS x MERGE (p:Person {id: x}) RETURN p"),
            "Keep(Merge(Unwind(SingleRow), Filter(NodeIndexSeek:i(Argument))))");
}

TEST_F(IndexPlans, EdgePropertiesSeekAndBindBothEnds) {
  ExpectPlans("CREATE INDEX s FOR ()-[w:WORKS]-() ON (w.since)", "MATCH (p)-[w:WORKS {since: 7}]->(f:Firm) RETURN p, f",
              "Keep(Filter(ExpandBack:WORKS(NodeScan:Firm(SingleRow))))",
              "Keep(Filter(Filter(EdgeIndexSeek:s(SingleRow))))");
  EXPECT_NE(PlanOf("MATCH (p:Person)-[w:WORKS]->(f)<-[v:WORKS]-(q) WHERE w.since < 5 RETURN q").find("EdgeIndexSeek:s"),
            std::string::npos);
}

TEST_F(IndexPlans, EdgesCountedByLabelTellWhereAnExpandIsThin) {
  // All LIKES begin at two persons; without counts by label, each of the 200 seems to have as many.
  fixture_->MustRun("CREATE (:Fan {id: 1}), (:Fan {id: 2})");
  fixture_->MustRun("MATCH (a:Fan), (b:Firm) CREATE (a)-[:LIKES]->(b)");
  const auto rows = [&] {
    std::string plan;
    EXPECT_TRUE(fixture_->Run("MATCH (p:Person {id: 3})-[:LIKES]->(f) RETURN f", {}, &plan).has_value());
    return plan.substr(plan.find("Expand"), plan.find('\n', plan.find("Expand")) - plan.find("Expand"));
  };
  EXPECT_EQ(rows().find("~0 rows"), std::string::npos);
  ASSERT_TRUE(fixture_->store().RefreshStatistics(StatisticsScope::kAll, {}).has_value());
  EXPECT_NE(rows().find("~0 rows"), std::string::npos) << rows();
}

TEST_F(IndexPlans, APlanOutlivesItsIndex) {
  fixture_->MustRun("CREATE INDEX i FOR (p:Person) ON (p.id)");
  fixture_->MustRun("CREATE INDEX s FOR ()-[w:WORKS]-() ON (w.since)");
  const auto planned = *fixture_->store().Snapshot();
  const auto vertices = CompileQuery("MATCH (p:Person) WHERE p.id IN [3, 4, 3.0] RETURN p.id ORDER BY p.id", *planned,
                                     fixture_->procedures());
  const auto edges = CompileQuery("MATCH (p)-[w:WORKS]-(f) WHERE w.since = 8 RETURN p.id, f.id ORDER BY p.id", *planned,
                                  fixture_->procedures());
  ASSERT_NE((*vertices)->Explain().find("NodeIndexSeek"), std::string::npos);
  ASSERT_NE((*edges)->Explain().find("EdgeIndexSeek"), std::string::npos);
  fixture_->MustRun("DROP INDEX i");
  fixture_->MustRun("DROP INDEX s");
  const auto now = *fixture_->store().Snapshot();
  for (const auto& view : {planned, now}) {
    auto cursor = ExecuteQuery(**vertices, *view, nullptr, {});
    EXPECT_EQ(*(*cursor)->All(), (QueryFixture::Rows{{Value(3)}, {Value(4)}}));
    cursor = ExecuteQuery(**edges, *view, nullptr, {});
    EXPECT_EQ((*cursor)->All()->size(), 2u) << "both ways";
  }
}

// ---- Same answers with and without

/// Makes statements over one label and one type with values of every kind that an index keeps.
class Statements {
 public:
  explicit Statements(uint64_t seed) : random_(seed) {}

  size_t Below(size_t limit) { return random_() % limit; }

  std::string Literal() {
    switch (Below(9)) {
      case 0: return std::to_string(Below(6));
      case 1: return fmt::format("{}.5", Below(4));
      case 2: return fmt::format("{}.0", Below(6));
      case 3: return fmt::format("'{}'", std::string(Below(3), static_cast<char>('a' + Below(2))));
      case 4: return Below(2) == 0 ? "true" : "false";
      case 5: return fmt::format("date('2021-0{}-01')", 1 + Below(4));
      case 6: return fmt::format("[{}, 'x']", Below(3));
      case 7: return "0.0 / 0.0";
      default: return fmt::format("duration({{days: {}}})", Below(3));
    }
  }

  std::string Create() {
    return fmt::format("CREATE (:A{} {{n: {}{}{}}})-[:R {{w: {}}}]->(:A {{n: {}}})", Below(3) == 0 ? ":B" : "",
                       Below(1000), Optional("a"), Optional("b"), Literal(), Below(1000));
  }

  std::string Update() {
    const std::string match = fmt::format("MATCH (x:A) WHERE {} ", Condition("x", "a"));
    switch (Below(6)) {
      case 0: return match + fmt::format("SET x.a = {}", Literal());
      case 1: return match + fmt::format("SET x.b = {}, x.a = {}", Literal(), Literal());
      case 2: return match + "REMOVE x.a";
      case 3: return match + (Below(2) == 0 ? "SET x:B" : "REMOVE x:B");
      case 4: return fmt::format("MATCH ()-[r:R]->() WHERE {} SET r.w = {}", Condition("r", "w"), Literal());
      default: return match + "AND x.n < 100 DETACH DELETE x";
    }
  }

  std::string Read() {
    const std::string both = fmt::format("{} AND {}", Condition("x", "a"), Condition("x", "b"));
    switch (Below(7)) {
      case 0: return fmt::format("MATCH (x:A) WHERE {} RETURN x.n", Condition("x", "a"));
      case 1: return fmt::format("MATCH (x:A) WHERE {} RETURN x.n", both);
      case 2: return fmt::format("MATCH (x:A:B) WHERE {} RETURN x.n", Condition("x", "b"));
      case 3: return fmt::format("MATCH (x)-[r:R]->(y) WHERE {} RETURN x.n, y.n", Condition("r", "w"));
      case 4: return fmt::format("MATCH (x)-[r:R]-(y:A) WHERE {} RETURN x.n, y.n", Condition("r", "w"));
      case 5:
        return fmt::format("UNWIND [{}, {}, null] AS v OPTIONAL MATCH (x:A {{a: v}}) RETURN v, x.n", Literal(),
                           Literal());
      default:
        return fmt::format("MATCH (x:A)-[r:R]->(y:A) WHERE {} AND x.a = y.b RETURN x.n, y.n", Condition("r", "w"));
    }
  }

 private:
  std::string Optional(const std::string& key) { return Below(4) == 0 ? "" : fmt::format(", {}: {}", key, Literal()); }

  std::string Condition(const std::string& variable, const std::string& key) {
    const std::string property = variable + "." + key;
    static const std::vector<std::string> kOperators = {"=", "<", "<=", ">", ">="};
    switch (Below(6)) {
      case 0: return fmt::format("{} IN [{}, {}, {}]", property, Literal(), Literal(), Literal());
      case 1: return fmt::format("{} STARTS WITH '{}'", property, Below(2) == 0 ? "a" : "");
      case 2: return property + " IS NOT NULL";
      case 3: return fmt::format("{} < {} <= {}", Literal(), property, Literal());
      case 4: return fmt::format("{} {} {}", Literal(), kOperators[Below(5)], property);
      default: return fmt::format("{} {} {}", property, kOperators[Below(5)], Literal());
    }
  }

  std::mt19937_64 random_;
};

std::vector<std::string> Sorted(const Result<QueryFixture::Rows>& rows) {
  if (!rows) return {rows.error().message};
  std::vector<std::string> lines;
  for (const auto& row : *rows) {
    std::string line;
    for (const Value& cell : row) line += cell.ToString() + " ";
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

TEST(IndexAnswers, AreTheSameWithAndWithoutIndexes) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Statements statements(seed);
  const auto plain = QueryFixture::Open();
  const auto indexed = QueryFixture::Open();
  const auto both = [&](const std::string& text) {
    plain->MustRun(text);
    indexed->MustRun(text);
  };
  for (int i = 0; i < 40; ++i) both(statements.Create());
  for (const std::string statement :
       {"CREATE INDEX a FOR (x:A) ON (x.a)", "CREATE INDEX b FOR (x:B) ON (x.b)",
        "CREATE INDEX ab FOR (x:A) ON (x.a, x.b)", "CREATE INDEX w FOR ()-[r:R]-() ON (r.w)"})
    indexed->MustRun(statement);
  size_t seeks = 0;
  for (int i = 0; i < 600 && !testing::Test::HasFailure(); ++i) {
    if (i % 4 == 0) {
      const std::string update = statements.Below(2) == 0 ? statements.Create() : statements.Update();
      SCOPED_TRACE(update);
      ASSERT_EQ(Sorted(plain->Run(update)), Sorted(indexed->Run(update)));
    }
    const std::string read = statements.Read();
    std::string plan;
    const auto with = Sorted(indexed->Run(read, {}, &plan));
    if (plan.find("IndexSeek") != std::string::npos) ++seeks;
    ASSERT_EQ(Sorted(plain->Run(read)), with) << read << "\n" << plan;
  }
  EXPECT_GT(seeks, 100u) << "the indexes are used";
}

TEST(IndexAnswers, DeclaredKeysSeekExactly) {
  const auto fixture = QueryFixture::Open();
  std::string plan;
  ASSERT_TRUE(fixture->Run("MATCH (f:Firm {country: 'cn', code: 3}) RETURN f.code", {}, &plan).has_value());
  EXPECT_NE(plan.find("NodeScan  f:Firm"), std::string::npos) << "no key is declared yet: " << plan;
  auto transaction = *fixture->store().BeginWrite();
  ASSERT_TRUE(transaction
                  ->SetOntology(R"({"tupu_ontology": 1,
      "labels": {"Organization": {"key": ["code", "country"],
                                  "properties": {"code": {"type": "float"}, "country": {"type": "string"}}},
                 "Firm": {"parents": ["Organization"]}},
      "edge_types": {}})")
                  .has_value());
  ASSERT_TRUE(transaction->Commit().has_value());
  fixture->MustRun("UNWIND range(0, 9) AS i CREATE (:Firm {code: toFloat(i), country: 'cn'})");
  const auto run = [&](const std::string& text) { return Sorted(fixture->Run(text, {}, &plan)); };
  EXPECT_EQ(run("MATCH (f:Firm {country: 'cn', code: 3}) RETURN f.code"), std::vector<std::string>{"3.0 "});
  EXPECT_NE(plan.find("NodeByKey  f:Firm key of Organization (code = 3, country = 'cn')"), std::string::npos) << plan;
  EXPECT_NE(plan.find("Filter  f:Firm  ~1 rows"), std::string::npos) << "what the key says lets all pass: " << plan;
  EXPECT_EQ(run("MATCH (f:Firm {code: -0.0, country: 'cn'}) RETURN count(f)"), std::vector<std::string>{"1 "});
  EXPECT_EQ(run("MATCH (f:Firm {code: null, country: 'cn'}) RETURN count(f)"), std::vector<std::string>{"0 "});
  EXPECT_EQ(run("MATCH (f:Firm {code: [1], country: 'cn'}) RETURN count(f)"), std::vector<std::string>{"0 "});
  EXPECT_EQ(run("MATCH (f:Other {code: 1, country: 'cn'}) RETURN count(f)"), std::vector<std::string>{"0 "});
  EXPECT_EQ(plan.find("NodeByKey"), std::string::npos) << plan;
  EXPECT_EQ(
      run("MATCH (f:Firm {code: 1, country: 'cn'}) SET f.code = 99.0 WITH f MATCH (g:Firm {code: 99, country: 'cn'}), "
          "(h:Firm {country: 'cn'}) WHERE h.code = 2 RETURN g = f, h.code"),
      std::vector<std::string>{"true 2.0 "})
      << "own writes";
  EXPECT_EQ(run("MATCH (f:Firm {code: 1, country: 'cn'}) RETURN count(f)"), std::vector<std::string>{"0 "});
}

/// Writes and reads in one statement: what the statement itself has done is seen through the index, as it is without.
TEST(IndexAnswers, OwnWritesAreSeenThroughTheIndex) {
  const auto fixture = QueryFixture::Open();
  fixture->MustRun("CREATE (:A {a: 1}), (:A {a: 2})");
  fixture->MustRun("CREATE INDEX a FOR (x:A) ON (x.a)");
  EXPECT_EQ(Sorted(fixture->Run("MATCH (x:A {a: 1}) SET x.a = 3 WITH x MATCH (y:A {a: 3}) RETURN y.a")),
            std::vector<std::string>{"3 "});
  EXPECT_EQ(Sorted(fixture->Run("CREATE (:A {a: 9}) WITH 9 AS v MATCH (y:A {a: v}) RETURN count(y)")),
            std::vector<std::string>{"1 "});
  EXPECT_EQ(Sorted(fixture->Run("UNWIND [5, 5, 6] AS v MERGE (x:A {a: v}) RETURN count(DISTINCT x)")),
            std::vector<std::string>{"2 "});
  EXPECT_EQ(Sorted(fixture->Run("MATCH (x:A) WHERE x.a > 0 SET x.a = x.a + 100 RETURN count(*)")),
            std::vector<std::string>{"5 "})
      << "no vertex is met again at its new place";
}

}  // namespace
}  // namespace tupu
