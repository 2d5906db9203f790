#include "query/binder/binder.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/binder/bound_printer.h"
#include "query/binder/bound_walk.h"
#include "query/parser/parser.h"

namespace tupu {
namespace {

using testing::ElementsAre;

const ProcedureRegistry& Procedures() {
  static const ProcedureRegistry registry = [] {
    ProcedureRegistry r;
    Procedure rank;
    rank.signature = {"tupu.rank",
                      {{"label", "STRING?"}, {"damping", "FLOAT?", Value(0.85)}},
                      {{"node", "NODE"}, {"score", "FLOAT"}},
                      ""};
    r.Register(std::move(rank));
    return r;
  }();
  return registry;
}

Result<BoundQuery> Compile(std::string_view text) {
  TUPU_TRY_ASSIGN(const AstQuery ast, Parse(text));
  return Bind(ast, Procedures());
}

BoundQuery MustBind(std::string_view text) {
  auto query = Compile(text);
  EXPECT_TRUE(query.has_value()) << text << "\n" << (query ? "" : query.error().message);
  return query ? std::move(query).value() : BoundQuery{};
}

template <class T>
const T& Clause(const BoundQuery& query, size_t index) {
  return std::get<T>(query.branches.at(0).clauses.at(index).node);
}

std::string Show(const BoundQuery& query, const BoundExpressionPtr& expression) {
  return ToString(*expression, query.branches.at(0).slots);
}

TEST(Binder, NamesColumnsAfterTheirText) {
  const BoundQuery query = MustBind("MATCH (n) RETURN n, n . name, n.age+1 AS older, count( * ), `n`.x");
  EXPECT_THAT(query.columns, ElementsAre("n", "n . name", "older", "count( * )", "`n`.x"));
  EXPECT_EQ(query.branches[0].results.size(), 5u);
}

std::vector<std::string> Imported(const BoundQuery& query, const BoundSubquery& subquery) {
  std::vector<std::string> names;
  for (const Slot slot : subquery.imported) names.push_back(query.branches.at(0).slots.at(slot).name);
  return names;
}

TEST(Binder, SubqueriesImportWhatTheyRead) {
  const BoundQuery call = MustBind(
      "MATCH (a), (b), (c) CALL (*) { MATCH (a)-->(x) CALL (x, b) { RETURN x.k + b.k AS k } RETURN k, x } RETURN k, x");
  const auto& outer = Clause<BoundSubqueryCall>(call, 1);
  EXPECT_THAT(Imported(call, *outer.query), ElementsAre("a", "b"));
  const auto& inner = std::get<BoundSubqueryCall>(outer.query->branches[0].clauses[1].node);
  EXPECT_THAT(Imported(call, *inner.query), ElementsAre("b", "x"));
  const BoundQuery count = MustBind("MATCH (a), (b) RETURN [l IN [1] | COUNT { MATCH (a)-->(y) WHERE y.k = l }] AS n");
  const auto& list = *Clause<BoundProjection>(count, 1).items[0].expression->As<BoundListComprehension>();
  EXPECT_THAT(Imported(count, *list.projection->As<BoundSubqueryExpression>()->query), ElementsAre("a", "l"));
}

TEST(Binder, SubqueriesKeepTheirScope) {
  const auto error_of = [](std::string_view text) {
    const auto query = Compile(text);
    return query ? std::string("no error") : query.error().message + " | " + query.error().hint;
  };
  EXPECT_EQ(error_of("MATCH (a) CALL { RETURN a AS b } RETURN b"),
            "the variable a is not defined | A CALL sees only what it takes in: CALL (a) { ... }.");
  EXPECT_EQ(error_of("MATCH (alpha) CALL { WITH alpa RETURN 1 AS b } RETURN b"),
            "the variable alpa is not defined | Did you mean alpha?");
  EXPECT_EQ(error_of("MATCH (a) CALL (a) { MATCH (a)-->(b) RETURN 1 AS one } RETURN b"),
            "the variable b is not defined | ");
  EXPECT_EQ(error_of("MATCH (a) CALL (a) { RETURN a } RETURN a"),
            "CALL returns a, which is defined before it already | Rename it: RETURN a AS other.");
  EXPECT_EQ(error_of("MATCH (a) CALL (a, a) { RETURN 1 AS b } RETURN b"), "a is taken in twice | ");
  EXPECT_EQ(error_of("MATCH (a) WITH a AS b CALL (b) { RETURN a.k AS k } RETURN k"),
            "the variable a is not defined | A CALL sees only what it takes in: CALL (a) { ... }.");
  EXPECT_EQ(error_of("MATCH (a) CALL (a) { UNWIND [1] AS a RETURN 1 AS b } RETURN b"),
            "the variable a is already defined | Choose another name.");
}

TEST(Binder, ReturnStarIsInAlphabeticalOrder) {
  EXPECT_THAT(MustBind("MATCH p = (b)-[a]->() RETURN *").columns, ElementsAre("a", "b", "p"));
}

TEST(Binder, PassesAVariableOnInItsSlot) {
  const BoundQuery query = MustBind("MATCH (a)-->(b) WITH a, b AS c RETURN a, c");
  const auto& match = Clause<BoundMatch>(query, 0);
  const auto& with = Clause<BoundProjection>(query, 1);
  EXPECT_EQ(with.items[0].slot, match.parts[0].nodes[0].slot);
  EXPECT_NE(with.items[1].slot, match.parts[0].nodes[1].slot);
  EXPECT_EQ(query.branches[0].slots[with.items[1].slot].type, StaticType{StaticKind::kNode});
}

TEST(Binder, MarksWhatIsBoundBefore) {
  const BoundQuery query = MustBind("MATCH (a)-[r]->(a) MATCH (a)-[r]->(b)-[rs:T*2..]->(c) RETURN rs");
  const auto& first = Clause<BoundMatch>(query, 0).parts[0];
  EXPECT_FALSE(first.nodes[0].bound);
  EXPECT_TRUE(first.nodes[1].bound);
  const auto& second = Clause<BoundMatch>(query, 1).parts[0];
  EXPECT_TRUE(second.nodes[0].bound);
  EXPECT_TRUE(second.relationships[0].bound);
  EXPECT_FALSE(second.nodes[1].bound);
  EXPECT_EQ(second.relationships[1].length->min, 2u);
  EXPECT_EQ(query.branches[0].slots[second.relationships[1].slot].type, (StaticType{StaticKind::kRelationship, 1}));
}

TEST(Binder, SplitsKeysFromAggregates) {
  const BoundQuery query = MustBind(
      "MATCH (n) RETURN n.city AS city, count(*) + sum(n.age) / count(*) AS x, max(n.age) "
      "ORDER BY n.city, sum(n.age), max(n.age) DESC");
  const auto& projection = Clause<BoundProjection>(query, 1);
  ASSERT_TRUE(projection.aggregating);
  ASSERT_EQ(projection.keys.size(), 1u);
  EXPECT_EQ(Show(query, projection.keys[0].expression), "n.city");
  EXPECT_EQ(projection.keys[0].slot, projection.items[0].slot);
  ASSERT_EQ(projection.aggregates.size(), 3u);  // count(*) once
  EXPECT_EQ(Show(query, projection.items[0].expression), "city");
  EXPECT_EQ(projection.order_by[0].expression->As<BoundVariable>()->slot, projection.items[0].slot);
  EXPECT_EQ(projection.order_by[1].expression->As<BoundVariable>()->slot, projection.aggregates[1].slot);
  EXPECT_FALSE(projection.order_by[2].ascending);
}

TEST(Binder, ReadsKeysBesideAggregates) {
  const BoundQuery query = MustBind("MATCH (me)--(you) WITH me AS m, me.age + count(you) AS x RETURN m, x");
  const auto& with = Clause<BoundProjection>(query, 1);
  const std::string aggregate = "#" + std::to_string(with.aggregates[0].slot);
  EXPECT_EQ(Show(query, with.items[1].expression), "m.age + " + aggregate);
}

TEST(Binder, SortsByItemsThatAreThereAlready) {
  const BoundQuery query = MustBind("MATCH (n) RETURN DISTINCT n.name ORDER BY n.name, [x IN [1] | x]");
  const auto& projection = Clause<BoundProjection>(query, 1);
  EXPECT_EQ(projection.order_by[0].expression->As<BoundVariable>()->slot, projection.items[0].slot);
  const BoundQuery renamed = MustBind("RETURN DISTINCT [x IN [1, 2] | x + 1] AS a ORDER BY [y IN [1, 2] | y + 1]");
  EXPECT_TRUE(Clause<BoundProjection>(renamed, 0).order_by[0].expression->As<BoundVariable>());
}

TEST(Binder, InfersTypes) {
  const auto type_of = [](std::string_view expression) {
    const BoundQuery query = MustBind("MATCH p = (n)-[r]->(m) RETURN " + std::string(expression));
    return ToString(Clause<BoundProjection>(query, 1).items.at(0).expression->type);
  };
  EXPECT_EQ(type_of("1 + 2"), "INTEGER");
  EXPECT_EQ(type_of("1 + 2.0"), "FLOAT");
  EXPECT_EQ(type_of("'a' + 'b'"), "STRING");
  EXPECT_EQ(type_of("n.x"), "ANY");
  EXPECT_EQ(type_of("[n, m]"), "LIST OF NODE");
  EXPECT_EQ(type_of("[[1], [2, null]]"), "LIST OF LIST OF INTEGER");
  EXPECT_EQ(type_of("[n, r][0]"), "ANY");
  EXPECT_EQ(type_of("p"), "PATH");
  EXPECT_EQ(type_of("[x IN [1] WHERE x > 0]"), "LIST OF INTEGER");
  EXPECT_EQ(type_of("[(n)-->(k) | k]"), "LIST OF NODE");
  EXPECT_EQ(type_of("CASE WHEN true THEN 1 ELSE 2.5 END"), "NUMBER");
  EXPECT_EQ(type_of("n:A"), "BOOLEAN");
  EXPECT_EQ(type_of("exists { (n)-->() }"), "BOOLEAN");
}

TEST(Binder, PrintsWhatItBound) {
  const BoundQuery query = MustBind(
      "MATCH (n:Firm {name: $name})-[:SUPPLIES*1..3]->(m) WHERE n.age > 30 AND m:Firm OR NOT (n)<--(m) "
      "AND any(x IN n.tags WHERE x STARTS WITH 'a') RETURN n");
  const auto& match = Clause<BoundMatch>(query, 0);
  EXPECT_EQ(ToString(match.parts[0], query.branches[0].slots), "(n:Firm {name: $name})-[#1:SUPPLIES*1..3]->(m)");
  EXPECT_EQ(Show(query, match.where),
            "(n.age > 30 AND m:Firm) OR ((NOT exists((n)<-[#3]-(m))) AND any(x IN n.tags WHERE x STARTS WITH 'a'))");
  EXPECT_THAT(query.parameters, ElementsAre("name"));
}

TEST(Binder, CollectsTheSlotsARowMustHold) {
  const BoundQuery query = MustBind(
      "MATCH (a), (b), (c) WHERE [x IN a.xs | x] = [(b)-->(d) | d] "
      "AND exists { MATCH (c)-->(e) RETURN e } RETURN 1");
  const auto& match = Clause<BoundMatch>(query, 0);
  std::set<Slot> slots;
  CollectSlots(*match.where, slots);
  std::vector<std::string> outer;
  for (const Slot slot : slots) {
    if (!query.branches[0].slots[slot].local) outer.push_back(query.branches[0].slots[slot].name);
  }
  EXPECT_THAT(outer, ElementsAre("a", "b", "c"));
}

TEST(Binder, FillsInTheArgumentsOfCalls) {
  const BoundQuery query = MustBind("CALL tupu.rank('Firm') YIELD score AS s, node WHERE s > 0.1 RETURN node.name, s");
  const auto& call = Clause<BoundCall>(query, 0);
  ASSERT_EQ(call.arguments.size(), 2u);
  EXPECT_EQ(call.arguments[1]->As<BoundLiteral>()->value, Value(0.85));
  EXPECT_EQ(call.yields[0].output, 1u);
  const BoundQuery standalone = MustBind("CALL tupu.rank");
  EXPECT_THAT(standalone.columns, ElementsAre("node", "score"));
  EXPECT_THAT(standalone.parameters, ElementsAre("label"));
}

TEST(Binder, MatchesUnionColumnsByName) {
  const BoundQuery query = MustBind("RETURN 1 AS a, 2 AS b UNION RETURN 3 AS b, 4 AS a");
  EXPECT_THAT(query.columns, ElementsAre("a", "b"));
  const auto& second = std::get<BoundProjection>(query.branches[1].clauses[0].node);
  EXPECT_EQ(query.branches[1].results[0], second.items[1].slot);
}

TEST(Binder, KnowsWhatWrites) {
  EXPECT_FALSE(MustBind("MATCH (n) RETURN n").writes);
  EXPECT_TRUE(MustBind("CALL { CALL () { CREATE (n) } } RETURN 1 AS x").writes);
  EXPECT_TRUE(MustBind("MATCH (n) FOREACH (x IN [1] | SET n.x = x)").writes);
  EXPECT_TRUE(MustBind("MATCH (n) OPTIONAL CALL (n) { REMOVE n.x RETURN 1 AS x } RETURN x").writes);
  EXPECT_FALSE(MustBind("CALL { MATCH (n) RETURN n } RETURN COUNT { (n)-->() } AS c").writes);
  EXPECT_TRUE(MustBind("MATCH (n) SET n.x = 1").writes);
  EXPECT_TRUE(MustBind("CREATE (a {x: 1}), (b {y: a.x})-[:R $p]->(a)").writes);
}

struct BadQuery {
  std::string_view text;
  uint32_t column;
  std::string_view condition;
  std::string_view hint;
};

TEST(Binder, RefusesWithPlaceConditionAndHint) {
  const BadQuery queries[] = {
      {"MATCH (person) RETURN persn.name", 23, "SyntaxError.UndefinedVariable", "Did you mean person?"},
      {"MATCH (a), (b) WITH a RETURN b", 30, "SyntaxError.UndefinedVariable", "WITH"},
      {"MATCH (n) RETURN toUper(n.name)", 18, "SyntaxError.UnknownFunction", "toUpper"},
      {"RETURN size(1, 2)", 8, "SyntaxError.InvalidNumberOfArguments", ""},
      {"MATCH (a)-[r]->(r) RETURN a", 17, "SyntaxError.VariableTypeConflict", ""},
      {"MATCH (a)-[r]->()-[r]->(a) RETURN r", 20, "SyntaxError.RelationshipUniquenessViolation", ""},
      {"MATCH (n) WHERE count(n) > 1 RETURN n", 17, "SyntaxError.InvalidAggregation", "WITH"},
      {"RETURN count(count(*))", 14, "SyntaxError.NestedAggregation", ""},
      {"MATCH (n) RETURN n.x + count(*)", 18, "SyntaxError.AmbiguousAggregationExpression", ""},
      {"RETURN 1 AS a, 2 AS a", 21, "SyntaxError.ColumnNameConflict", ""},
      {"MATCH (n) WITH n.x RETURN 1", 16, "SyntaxError.NoExpressionAlias", "AS"},
      {"MATCH () RETURN *", 10, "SyntaxError.NoVariablesInScope", ""},
      {"MATCH (n) RETURN n LIMIT n.x", 26, "SyntaxError.NonConstantExpression", ""},
      {"MATCH (n) RETURN n SKIP -1", 25, "SyntaxError.NegativeIntegerArgument", ""},
      {"CREATE (a)-[:A|B]->(b)", 11, "SyntaxError.NoSingleRelationshipType", ""},
      {"CREATE (a)-[:A]-(b)", 11, "SyntaxError.RequiresDirectedRelationship", ""},
      {"CREATE (a)-[:A*2]->(b)", 11, "SyntaxError.CreatingVarLength", ""},
      {"MATCH (a) CREATE (a:L)", 19, "SyntaxError.VariableAlreadyBound", ""},
      {"CREATE (a {x: a.y})", 15, "SyntaxError.UndefinedVariable", ""},
      {"UNWIND [1] AS x UNWIND [2] AS x RETURN x", 31, "SyntaxError.VariableAlreadyBound", ""},
      {"MATCH (n) RETURN size((n)-->())", 23, "SyntaxError.UnexpectedSyntax", ""},
      {"MATCH (n) WHERE (n)-[x]->() RETURN n", 22, "SyntaxError.UndefinedVariable", ""},
      {"MATCH (n $p) RETURN n", 10, "SyntaxError.InvalidParameterUse", ""},
      {"WITH 1 AS x RETURN x.y", 22, "TypeError.InvalidArgumentType", ""},
      {"RETURN 1 AND true", 8, "SyntaxError.InvalidArgumentType", ""},
      {"RETURN 1 AS a UNION RETURN 2 AS b", 15, "SyntaxError.DifferentColumnsInUnion", ""},
      {"CALL tupu.rnk('x')", 6, "ProcedureError.ProcedureNotFound", "tupu.rank"},
      {"CALL tupu.rank() YIELD node RETURN node", 6, "SyntaxError.InvalidNumberOfArguments", ""},
      {"CALL tupu.rank(1) YIELD node RETURN node", 16, "SyntaxError.InvalidArgumentType", ""},
      {"CALL tupu.rank('x') YIELD nod RETURN nod", 27, "SyntaxError.UndefinedVariable", "node"},
      {"MATCH (n) DELETE n:L", 18, "SyntaxError.InvalidDelete", "REMOVE"},
      {"MATCH (n) WHERE exists { MATCH (m) WITH DISTINCT m.x AS x ORDER BY m.y RETURN x } RETURN n", 68,
       "SyntaxError.UndefinedVariable", ""},
  };
  for (const BadQuery& query : queries) {
    const auto result = Compile(query.text);
    ASSERT_FALSE(result.has_value()) << query.text;
    const Error& error = result.error();
    EXPECT_EQ(error.code, ErrorCode::kBind) << query.text << "\n" << error.message;
    EXPECT_EQ(error.condition, query.condition) << query.text << "\n" << error.message;
    EXPECT_EQ(error.where->column, query.column) << query.text << "\n" << error.message;
    EXPECT_NE(error.hint.find(query.hint), std::string::npos) << query.text << "\n" << error.hint;
  }
}

TEST(Binder, TakesTreesAsHighAsTheParserMakesThem) {
  std::string text = "RETURN ";
  for (int i = 0; i < 290; ++i) text += "-(a + [";
  EXPECT_FALSE(Compile(text).has_value());
  text = "RETURN 1";
  for (int i = 0; i < 490; ++i) text += " IS NULL";
  EXPECT_TRUE(Compile(text).has_value());
  text = "RETURN 1";
  for (int i = 0; i < 100'000; ++i) text += " + 1";
  EXPECT_TRUE(Compile(text).has_value());
}

}  // namespace
}  // namespace tupu
