#include "query/parser/parser.h"

#include <string>

#include <gtest/gtest.h>

namespace tupu {
namespace {

AstQuery MustParse(std::string_view text) {
  auto query = Parse(text);
  EXPECT_TRUE(query.has_value()) << text << "\n" << (query ? "" : query.error().message);
  return query ? std::move(query).value() : AstQuery{};
}

// The expression of RETURN's only item.
AstExpressionPtr ParseItem(std::string_view expression) {
  AstQuery query = MustParse("RETURN " + std::string(expression));
  return std::move(std::get<AstProjection>(query.branches.at(0).clauses.at(0).node).items.at(0).expression);
}

std::string Print(const AstExpression& e);

std::string PrintAll(const std::vector<AstExpressionPtr>& operands, std::string name) {
  name = "(" + name;
  for (const auto& operand : operands) name += " " + Print(*operand);
  return name + ")";
}

// Operators only: enough to see what binds tighter.
std::string Print(const AstExpression& e) {
  constexpr const char* kLogical[] = {"and", "or", "xor"};
  constexpr const char* kArithmetic[] = {"+", "-", "*", "/", "%", "^"};
  constexpr const char* kUnary[] = {"not", "neg", "pos", "null", "notnull"};
  if (const auto* n = e.As<AstLiteral>()) return n->value.ToString();
  if (const auto* n = e.As<AstVariable>()) return n->name;
  if (const auto* n = e.As<AstProperty>()) return Print(*n->base) + "." + n->key.text;
  if (const auto* n = e.As<AstLogical>()) return PrintAll(n->operands, kLogical[static_cast<int>(n->op)]);
  if (const auto* n = e.As<AstComparison>()) return PrintAll(n->operands, "cmp");
  if (const auto* n = e.As<AstUnary>())
    return "(" + std::string(kUnary[static_cast<int>(n->op)]) + " " + Print(*n->operand) + ")";
  if (const auto* n = e.As<AstBinary>()) return "(in " + Print(*n->left) + " " + Print(*n->right) + ")";
  if (const auto* n = e.As<AstArithmetic>()) {
    std::string signs;
    for (const auto op : n->operators) signs += kArithmetic[static_cast<int>(op)];
    return PrintAll(n->operands, signs);
  }
  return "?";
}

TEST(Parser, BindsOperatorsAsOpenCypherDoes) {
  EXPECT_EQ(Print(*ParseItem("a OR b AND NOT c = d XOR e")), "(or a (xor (and b (not (cmp c d))) e))");
  EXPECT_EQ(Print(*ParseItem("1 + 2 * 3 - 4 ^ 5 % 6")), "(+- 1 (* 2 3) (% (^ 4 5) 6))");
  EXPECT_EQ(Print(*ParseItem("a + b IN c = d")), "(cmp (in (+ a b) c) d)");
  EXPECT_EQ(Print(*ParseItem("-a.b + 1 IS NOT NULL")), "(notnull (+ (neg a.b) 1))");
  EXPECT_EQ(Print(*ParseItem("1 < a <= 3")), "(cmp 1 a 3)");
  EXPECT_EQ(Print(*ParseItem("NOT a IS NULL AND b")), "(and (not (null a)) b)");
}

TEST(Parser, ReadsTheWholeRangeOfIntegers) {
  EXPECT_EQ(ParseItem("-9223372036854775808")->As<AstLiteral>()->value, Value(INT64_MIN));
  EXPECT_EQ(ParseItem("-0x8000000000000000")->As<AstLiteral>()->value, Value(INT64_MIN));
  EXPECT_EQ(ParseItem("0x7FFFFFFFFFFFFFFF")->As<AstLiteral>()->value, Value(INT64_MAX));
  EXPECT_EQ(ParseItem("0o17")->As<AstLiteral>()->value, Value(15));
  EXPECT_EQ(ParseItem("1e-400")->As<AstLiteral>()->value, Value(0.0));
  for (const std::string text : {"9223372036854775808", "-9223372036854775809", "0x8000000000000000"}) {
    EXPECT_EQ(Parse("RETURN " + text).error().condition, "SyntaxError.IntegerOverflow") << text;
  }
  EXPECT_EQ(Parse("RETURN 1.34E999").error().condition, "SyntaxError.FloatingPointOverflow");
}

TEST(Parser, TellsPatternsFromParentheses) {
  EXPECT_TRUE(ParseItem("(a)-->(b)")->As<AstPatternExpression>());
  EXPECT_TRUE(ParseItem("(a:A:B)<-[:R*..2]-({k: 1})")->As<AstPatternExpression>());
  EXPECT_TRUE(ParseItem("(a {k: 1})--()")->As<AstPatternExpression>());
  EXPECT_TRUE(ParseItem("()-->(a)")->As<AstPatternExpression>());
  EXPECT_TRUE(ParseItem("(a) - -1")->As<AstArithmetic>());
  EXPECT_TRUE(ParseItem("(a) < -1")->As<AstComparison>());
  EXPECT_TRUE(ParseItem("(a:A) AND (b)")->As<AstLogical>());
  EXPECT_TRUE(ParseItem("({k: 1}).k")->As<AstProperty>());
}

TEST(Parser, TellsListsFromComprehensions) {
  EXPECT_TRUE(ParseItem("[x IN xs WHERE x > 1 | x + 1]")->As<AstListComprehension>());
  EXPECT_TRUE(ParseItem("[(a)-->(b) WHERE b.x | b]")->As<AstPatternComprehension>());
  const auto path = ParseItem("[p = (a)-->(b) | p]");
  ASSERT_TRUE(path->As<AstPatternComprehension>());
  EXPECT_EQ(path->As<AstPatternComprehension>()->pattern->path->text, "p");
  EXPECT_TRUE(ParseItem("[(1), 2]")->As<AstList>());
  EXPECT_TRUE(ParseItem("[]")->As<AstList>());
}

TEST(Parser, ReadsCallsAndSpecialForms) {
  EXPECT_EQ(ParseItem("duration.between(a, b)")->As<AstFunctionCall>()->name.text, "duration.between");
  EXPECT_TRUE(ParseItem("count(*)")->As<AstFunctionCall>()->star);
  EXPECT_TRUE(ParseItem("count(DISTINCT a)")->As<AstFunctionCall>()->distinct);
  EXPECT_TRUE(ParseItem("all(x IN xs WHERE x)")->As<AstQuantifier>());
  EXPECT_TRUE(ParseItem("reduce(a = 0, x IN xs | a + x)")->As<AstReduce>());
  EXPECT_TRUE(ParseItem("CASE a WHEN 1 THEN 2 ELSE 3 END")->As<AstCase>()->subject);
  EXPECT_FALSE(ParseItem("CASE WHEN a THEN 2 END")->As<AstCase>()->subject);
  EXPECT_TRUE(ParseItem("a {.x, .*, y, z: 1}")->As<AstMapProjection>());
  EXPECT_TRUE(ParseItem("shortestPath((a)-[*]-(b))")->As<AstPatternExpression>());
  EXPECT_TRUE(ParseItem("EXISTS { MATCH (a) RETURN 1 UNION MATCH (b) RETURN 1 }")->As<AstSubqueryExpression>());
  EXPECT_TRUE(ParseItem("xs[1..]")->As<AstSlice>());
  EXPECT_EQ(ParseItem("$0")->As<AstParameter>()->name, "0");
  EXPECT_EQ(ParseItem("$`a b`")->As<AstParameter>()->name, "a b");
}

TEST(Parser, TakesKeywordsAsNamesWhereTheyFit) {
  MustParse("MATCH (order_:Order {limit: 1})-[:WHERE|MATCH]->(`end`) RETURN order_.set AS `return`");
  MustParse("MATCH (count), (any), (single), (desc), (call) RETURN count, any, single, desc AS asc, call");
  MustParse("MATCH (企业:公司 {名称: '华为'}) RETURN 企业.名称 AS 名称");
}

TEST(Parser, KeepsTheTextOfItems) {
  AstQuery query = MustParse("RETURN  ( n.a )+1 , count( * )");
  const auto& items = std::get<AstProjection>(query.branches[0].clauses[0].node).items;
  EXPECT_EQ(items[0].text, "( n.a )+1");
  EXPECT_EQ(items[1].text, "count( * )");
}

TEST(Parser, ReadsRelationshipPatterns) {
  AstQuery query = MustParse("MATCH ()-[r:A|:B|C*2..5 {k: 1}]->()<-[*]-()-[*3]-()<-[*..4]->() RETURN 1");
  const auto& steps = std::get<AstMatch>(query.branches[0].clauses[0].node).parts[0].relationships;
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(steps[0].types->operands.size(), 3u);
  EXPECT_EQ(steps[0].length->min, 2u);
  EXPECT_EQ(steps[0].length->max, 5u);
  EXPECT_EQ(steps[0].direction, Direction::kOut);
  EXPECT_EQ(steps[1].direction, Direction::kIn);
  EXPECT_FALSE(steps[1].length->max);
  EXPECT_EQ(steps[2].length->min, 3u);
  EXPECT_EQ(steps[2].length->max, 3u);
  EXPECT_EQ(steps[3].direction, Direction::kBoth);
}

TEST(Parser, ReadsEveryClause) {
  MustParse(
      "EXPLAIN MATCH p = (a)-->(b), shortestPath((a)-[*]-(b)) WHERE a.x OPTIONAL MATCH (c) "
      "WITH DISTINCT *, 1 AS x ORDER BY x DESC, a.y ASCENDING SKIP 1 LIMIT $l WHERE x "
      "UNWIND [1] AS y CALL a.b.c(1, y) YIELD o AS q, r WHERE q CREATE (a)-[:R]->(:B) "
      "MERGE (m {k: 1}) ON CREATE SET m.x = 1, m:L ON MATCH SET m += {y: 2}, m = {} "
      "SET (m).x = 2 REMOVE m.x, m:L:K DELETE m DETACH DELETE a, b RETURN *, count(*) AS c;");
  MustParse("CALL db.labels");
  MustParse("CALL db.labels() YIELD *");
  MustParse("RETURN 1 AS a UNION ALL RETURN 2 AS a UNION ALL RETURN 3 AS a");
}

struct BadQuery {
  std::string_view text;
  ErrorCode code;
  uint32_t line;
  uint32_t column;
  std::string_view message;
  std::string_view hint;
};

TEST(Parser, SaysWhereWhatAndHow) {
  constexpr ErrorCode kSyntax = ErrorCode::kSyntax;
  constexpr ErrorCode kUnsupported = ErrorCode::kUnsupported;
  const BadQuery queries[] = {
      {"MACTH (n) RETURN n", kSyntax, 1, 1, "unexpected 'MACTH'; expected MATCH", "Did you mean MATCH?"},
      {"MATCH (n)\nRETRUN n", kSyntax, 2, 1, "unexpected 'RETRUN'", "Did you mean RETURN?"},
      {"MATCH (n) WHER n.x = 1 RETURN n", kSyntax, 1, 11, "WHERE", "Did you mean WHERE?"},
      {"MATCH (n) RETURN n ORDR BY n", kSyntax, 1, 20, "ORDER", "Did you mean ORDER?"},
      {"MATCH (华为:公司) RETURN 华为 LIMT 3", kSyntax, 1, 25, "'LIMT'", "Did you mean LIMIT?"},
      {"CYPHER 4 RETURN 1", kUnsupported, 1, 8, "CYPHER 4", "CYPHER 25"},
      {"RETURN (1 + 2", kSyntax, 1, 14, "the end of the query; expected ')'", "The '(' at 1:8 is not closed."},
      {"MATCH (n:A {x: [1, 2}) RETURN n", kSyntax, 1, 21, "unexpected '}'", "The '[' at 1:16 is not closed."},
      {"MATCH (n)\nWHERE n.x == 1 RETURN n.x", kSyntax, 2, 12, "unexpected '='", "a single ="},
      {"RETURN 1)", kSyntax, 1, 9, "unexpected ')'", "No bracket is open"},
      {"MACTH (n) RETURN n", kSyntax, 1, 1, "unexpected 'MACTH'", "Did you mean MATCH?"},
      {"MATCH (n) RETURN n LIMIT 3 ORDER BY n", kSyntax, 1, 28, "ORDER stands before LIMIT", "ORDER BY, SKIP, LIMIT"},
      {"MATCH (n) RETURN n LIMIT 3 SKIP 1", kSyntax, 1, 28, "SKIP stands before LIMIT", "ORDER BY, SKIP, LIMIT"},
      {"MATCH (n) RETURN n WHERE n.x = 1", kSyntax, 1, 20, "RETURN has no WHERE", "WITH"},
      {"SELECT * FROM firms", kSyntax, 1, 1, "unexpected 'SELECT'", "MATCH (n:Label)"},
      {"MATCH (n) WHERE n.name LIKE 'a%' RETURN n", kSyntax, 1, 24, "unexpected 'LIKE'", "CONTAINS"},
      {"MATCH (n) RETURN n GROUP BY n.x", kSyntax, 1, 20, "unexpected 'GROUP'", "no aggregates"},
      {"RETURN a || b", kSyntax, 1, 10, "unexpected '|'", ""},
      {"MATCH （n) RETURN n", kSyntax, 1, 7, "'（'", "ASCII sign ( in place of （"},
      {"MATCH (n：A) RETURN n", kSyntax, 1, 9, "'：'", "ASCII sign : in place of ："},
      {"MATCH (n) RETURN n.a，n.b", kSyntax, 1, 21, "'，'", "ASCII sign , in place of ，"},
      {"MATCH (n {name: ‘x’}) RETURN n", kSyntax, 1, 17, "'‘'", "ASCII sign ' in place of ‘"},
      {"RETURN 'abc", kSyntax, 1, 8, "the string that begins here has no end", "Close it"},
      {"MATCH (`a) RETURN 1", kSyntax, 1, 8, "the quoted name that begins here has no end", "backtick"},
      {"RETURN 1 /* two\n three", kSyntax, 1, 10, "the comment that begins here has no end", "*/"},
      {"RETURN [1, ]", kSyntax, 1, 12, "unexpected ']'; expected an expression", ""},
      {"MATCH (where) RETURN 1", kSyntax, 1, 8, "unexpected 'where'", "reserved word"},
      {"MATCH (n) SET n.x", kSyntax, 1, 18, "expected '='", ""},
      {"MATCH (n)", kSyntax, 1, 1, "cannot end with MATCH", "RETURN"},
      {"", kSyntax, 1, 1, "unexpected the end of the query; expected MATCH", ""},
      {"RETURN 1; RETURN 2", kUnsupported, 1, 11, "More than one statement", ""},
      {"RETURN 1 UNION RETURN 2 UNION ALL RETURN 3", kSyntax, 1, 25, "UNION ALL", ""},
      {"RETURN a != b", kSyntax, 1, 10, "'!'", "<>"},
      {"RETURN !a", kSyntax, 1, 8, "'!'", "NOT"},
      {"MATCH (a:A:B&C) RETURN a", kSyntax, 1, 13, "not by both", "&"},
      {"MATCH (a:A&) RETURN a", kSyntax, 1, 12, "unexpected ')'; expected", ""},
      {"MATCH ((a)-->(b)){3,1} RETURN a", kSyntax, 1, 18, "lower bound", ""},
      {"MATCH ((a)-->(b)){0} RETURN a", kSyntax, 1, 18, "0 as its upper bound", ""},
      {"MATCH ((a)-->(b)){} RETURN a", kSyntax, 1, 19, "unexpected '}'", ""},
      {"MATCH ((a)){2} RETURN a", kSyntax, 1, 7, "at least one relationship", ""},
      {"MATCH (((a)-->(b)){2}-->(c)){3} RETURN a", kSyntax, 1, 8, "within another", ""},
      {"MATCH ((a)-[*2]->(b)){3} RETURN a", kSyntax, 1, 11, "within another", ""},
      {"MATCH (x) ((a)-->(b)) (y) RETURN a", kSyntax, 1, 11, "needs a quantifier", "{1}"},
      {"MATCH ((a)-->(b))-->(c) RETURN a", kSyntax, 1, 7, "needs a quantifier", "{1}"},
      {"MATCH (a)-[*2]->{2}(b) RETURN a", kSyntax, 1, 17, "one length", ""},
      {"MATCH (a)-->{2} RETURN a", kSyntax, 1, 17, "expected '('", ""},
      {"MATCH p = SHORTEST (a)-->(b) RETURN p", kSyntax, 1, 20, "expected an integer", ""},
      {"MATCH p = SHORTEST 0 (a)-->(b) RETURN p", kSyntax, 1, 11, "at least 1", ""},
      {"MATCH p = FASTEST (a)-->(b) RETURN p", kSyntax, 1, 11, "unexpected 'FASTEST'", ""},
      {"MATCH REPEATABLE ELEMENT (a)-->(b) RETURN a", kSyntax, 1, 26, "", ""},
      {"FOREACH (x IN [1] | RETURN x)", kSyntax, 1, 21, "only updates", "UNWIND"},
      {"FOREACH (x IN [1] | CREATE ()", kSyntax, 1, 30, "the end of the query", ""},
      {"RETURN COLLECT { MATCH (n) }", kSyntax, 1, 8, "ends with a RETURN", "COLLECT {"},
      {"CALL { MATCH (n) } RETURN 1", kSyntax, 1, 8, "cannot end with MATCH", ""},
      {"CALL { RETURN 1 AS x }", kSyntax, 1, 1, "cannot end with a CALL { }", "RETURN"},
      {"CALL { CREATE () } IN 2 CONCURRENT TRANSACTIONS", kUnsupported, 1, 20, "IN TRANSACTIONS", "one transaction"},
      {"LOAD CSV 'x' AS r RETURN r", kSyntax, 1, 10, "expected WITH or FROM", ""},
      {"LOAD CSV FROM 'x' AS r", kSyntax, 1, 1, "cannot end with LOAD CSV", ""},
      {"RETURN 1 IS :: POINT", kUnsupported, 1, 16, "POINT", ""},
      {"RETURN 1 IS :: NUMBER", kSyntax, 1, 16, "'NUMBER' is no type", "INTEGER"},
      {"PROFILE MATCH (n) RETURN n", kUnsupported, 1, 1, "PROFILE", "EXPLAIN"},
      {"CREATE POINT INDEX FOR (n:L) ON (n.x)", kUnsupported, 1, 8, "POINT index", "range"},
      {"CREATE INDEX FOR (n:L) ON (n.x", kSyntax, 1, 31, "expected ',' or ')'", ""},
      {"CREATE INDEX ON :L(x)", kSyntax, 1, 14, "after FOR", "CREATE INDEX name FOR"},
  };
  for (const BadQuery& query : queries) {
    const auto result = Parse(query.text);
    ASSERT_FALSE(result.has_value()) << query.text;
    const Error& error = result.error();
    EXPECT_EQ(error.code, query.code) << query.text << "\n" << error.message;
    EXPECT_EQ(error.where->line, query.line) << query.text << "\n" << error.message;
    EXPECT_EQ(error.where->column, query.column) << query.text << "\n" << error.message;
    EXPECT_NE(error.message.find(query.message), std::string::npos) << query.text << "\n" << error.message;
    EXPECT_NE(error.hint.find(query.hint), std::string::npos) << query.text << "\n" << error.hint;
  }
}

std::string Repeat(std::string_view part, size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (size_t i = 0; i < times; ++i) out += part;
  return out;
}

TEST(Parser, RefusesDeepNestingInEveryForm) {
  constexpr size_t kLevels = 200'000;
  for (const std::string_view open : {"(", "[", "{a: ", "NOT ", "-", "- -", "f(", "CASE WHEN ", "[x IN ", "all(x IN ",
                                      "EXISTS { MATCH (n) WHERE ", "COUNT { MATCH (n) WHERE ",
                                      "COLLECT { RETURN ", "(n {a: ", "[(a)-->(b {x: ", "a[", "reduce(a = "}) {
    const auto result = Parse("RETURN " + Repeat(open, kLevels) + "1");
    ASSERT_FALSE(result.has_value()) << open;
    EXPECT_EQ(result.error().code, ErrorCode::kSyntax) << open;
    EXPECT_NE(result.error().message.find("nested"), std::string::npos) << open << ": " << result.error().message;
  }
  for (const std::string_view tail : {".a", "[0]", " IS NULL", " IN x", ":L", "[1..2]"}) {
    const auto result = Parse("RETURN a" + Repeat(tail, kLevels));
    // Labels make one flat list: everything else grows the tree.
    EXPECT_EQ(result.has_value(), tail == ":L") << tail;
  }
  EXPECT_FALSE(Parse("MATCH " + Repeat("(", kLevels) + "a").has_value());
  EXPECT_FALSE(Parse(Repeat("RETURN EXISTS { ", kLevels)).has_value());
  EXPECT_FALSE(Parse("RETURN 1 :: " + Repeat("LIST<", kLevels)).has_value());
  EXPECT_FALSE(Parse(Repeat("CALL { ", kLevels)).has_value());
  EXPECT_FALSE(Parse(Repeat("FOREACH (x IN l | ", kLevels)).has_value());
}

TEST(Parser, TakesNestingUpToItsBound) {
  EXPECT_TRUE(Parse("RETURN " + Repeat("(", 250) + "1" + Repeat(")", 250)).has_value());
  EXPECT_TRUE(Parse("RETURN " + Repeat("[", 250) + "1" + Repeat("]", 250)).has_value());
}

TEST(Parser, TakesTenMegabytes) {
  const std::string texts[] = {
      "UNWIND [" + Repeat("{a: 1, b: 'xy'}, ", 600'000) + "{}] AS row RETURN row",
      "RETURN 1" + Repeat(" + 1", 500'000),
      "MATCH (n) WHERE n.x = 0" + Repeat(" OR n.x = 1", 100'000) + " RETURN n",
      "CREATE (n)" + Repeat("-[:R]->()", 200'000),
      "RETURN '" + Repeat("长字符", 1'100'000) + "'",
      "RETURN 1 /*" + Repeat("* ", 5'000'000) + "*/",
  };
  for (const std::string& text : texts) {
    EXPECT_TRUE(Parse(text).has_value()) << text.substr(0, 30);
  }
}

}  // namespace
}  // namespace tupu
