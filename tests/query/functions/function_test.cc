#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/functions/function_registry.h"
#include "tests/query/functions/fake_graph.h"

namespace tupu {
namespace {

const double kInfinity = std::numeric_limits<double>::infinity();

class FunctionTest : public testing::Test {
 protected:
  Result<Value> Call(std::string_view name, std::vector<Value> arguments) {
    const Function* function = FindFunction(name);
    if (function == nullptr) return Error{ErrorCode::kNotFound, "no such function"};
    EXPECT_GE(arguments.size(), function->min_arguments) << name;
    EXPECT_LE(arguments.size(), function->max_arguments) << name;
    return CallFunction(*function, arguments, context_);
  }

  struct Case {
    const char* function;
    std::vector<Value> arguments;
    Value expected;
  };
  void ExpectValues(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
      const Result<Value> value = Call(one.function, one.arguments);
      const std::string call = one.function + Value(List(one.arguments.begin(), one.arguments.end())).ToString();
      ASSERT_TRUE(value.has_value()) << call << ": " << value.error().message;
      EXPECT_EQ(*value, one.expected) << call << " = " << value->ToString();
    }
  }

  struct Failure {
    const char* function;
    std::vector<Value> arguments;
    const char* condition;
  };
  void ExpectErrors(const std::vector<Failure>& failures) {
    for (const Failure& one : failures) {
      const Result<Value> value = Call(one.function, one.arguments);
      ASSERT_FALSE(value.has_value()) << one.function << " gave " << value->ToString();
      EXPECT_EQ(value.error().condition, one.condition) << one.function << ": " << value.error().message;
    }
  }

  FakeGraph graph_;
  std::mt19937_64 random_{42};
  FunctionContext context_{graph_, DateTime{1'000'000'000, 5'000'000, 0, {}}, random_};
};

// ---- The registry ----

TEST(FunctionRegistry, FindsNamesInAnyCase) {
  ASSERT_NE(FindFunction("toupper"), nullptr);
  EXPECT_EQ(FindFunction("TOUPPER"), FindFunction("toUpper"));
  EXPECT_EQ(FindFunction("ToUpper")->name, "toUpper");
  EXPECT_EQ(FindFunction("Datetime.FromEpoch")->name, "datetime.fromepoch");
  EXPECT_EQ(FindFunction("noSuch"), nullptr);
  EXPECT_EQ(FindFunction(""), nullptr);
}

TEST(FunctionRegistry, KnowsSecondNames) {
  for (const auto& [alias, name] : std::initializer_list<std::pair<const char*, const char*>>{
           {"UPPER", "toUpper"}, {"collect_list", "collect"}, {"zoned_datetime", "datetime"}, {"ceiling", "ceil"}}) {
    const Function* second = FindFunction(alias);
    ASSERT_NE(second, nullptr) << alias;
    EXPECT_EQ(second->evaluate, FindFunction(name)->evaluate);
    EXPECT_EQ(second->make_aggregator, FindFunction(name)->make_aggregator);
    EXPECT_NE(second->name, FindFunction(name)->name);
  }
}

TEST(FunctionRegistry, EveryFunctionCanBeRun) {
  std::set<std::string_view> names;
  for (const Function& function : AllFunctions()) {
    EXPECT_TRUE(names.insert(function.name).second) << function.name;
    EXPECT_LE(function.min_arguments, function.max_arguments) << function.name;
    EXPECT_NE(function.result_type, nullptr) << function.name;
    EXPECT_EQ(function.aggregate, function.make_aggregator != nullptr) << function.name;
    EXPECT_EQ(function.aggregate, function.evaluate == nullptr) << function.name;
    const std::vector<StaticType> unknown(function.min_arguments);
    (void)function.result_type(unknown);
    for (size_t i = 0; i < function.min_arguments; ++i)
      EXPECT_TRUE(AcceptsArgument(function, i, StaticType{})) << function.name;
  }
  for (const char* name : {"coalesce",
                           "head",
                           "last",
                           "tail",
                           "range",
                           "reverse",
                           "size",
                           "length",
                           "tointeger",
                           "tofloat",
                           "tostring",
                           "toboolean",
                           "split",
                           "substring",
                           "replace",
                           "trim",
                           "ltrim",
                           "rtrim",
                           "left",
                           "right",
                           "toupper",
                           "tolower",
                           "abs",
                           "ceil",
                           "floor",
                           "round",
                           "sign",
                           "rand",
                           "exists",
                           "date",
                           "time",
                           "localtime",
                           "datetime",
                           "localdatetime",
                           "duration",
                           "startnode",
                           "endnode",
                           "id",
                           "elementid",
                           "labels",
                           "type",
                           "keys",
                           "properties",
                           "nodes",
                           "relationships",
                           "timestamp",
                           "count",
                           "sum",
                           "avg",
                           "min",
                           "max",
                           "collect",
                           "percentilecont",
                           "percentiledisc",
                           "stdev",
                           "stdevp",
                           "randomuuid"})
    EXPECT_NE(FindFunction(name), nullptr) << name;
}

TEST(FunctionRegistry, SuggestsTheNearestName) {
  EXPECT_THAT(SimilarFunctionNames("toUper"), testing::Contains("toUpper"));
  EXPECT_EQ(SimilarFunctionNames("colect").front(), "collect");
  EXPECT_EQ(SimilarFunctionNames("lenght").front(), "length");
  EXPECT_EQ(SimilarFunctionNames("duration.inMonth").front(), "duration.inMonths");
  EXPECT_EQ(SimilarFunctionNames("date.trunc").front(), "date.truncate");
  EXPECT_TRUE(SimilarFunctionNames("qqqqqqqqqq").empty());
  EXPECT_LE(SimilarFunctionNames("to").size(), 3u);
}

TEST(FunctionRegistry, ChecksStaticTypes) {
  const Function& type = *FindFunction("type");
  EXPECT_TRUE(AcceptsArgument(type, 0, {StaticKind::kRelationship}));
  EXPECT_TRUE(AcceptsArgument(type, 0, {StaticKind::kAny}));
  EXPECT_TRUE(AcceptsArgument(type, 0, {StaticKind::kNull}));
  EXPECT_FALSE(AcceptsArgument(type, 0, {StaticKind::kNode}));
  EXPECT_FALSE(AcceptsArgument(type, 0, {StaticKind::kRelationship, 1}));
  EXPECT_EQ(DescribeParameter(type, 0), "RELATIONSHIP");
  const Function& size = *FindFunction("size");
  EXPECT_TRUE(AcceptsArgument(size, 0, {StaticKind::kInteger, 2}));
  EXPECT_TRUE(AcceptsArgument(size, 0, {StaticKind::kString}));
  EXPECT_FALSE(AcceptsArgument(size, 0, {StaticKind::kPath}));
  EXPECT_EQ(DescribeParameter(size, 0), "LIST OF ANY, STRING or MAP");
  const Function& sqrt = *FindFunction("sqrt");
  EXPECT_TRUE(AcceptsArgument(sqrt, 0, {StaticKind::kInteger}));
  EXPECT_FALSE(AcceptsArgument(sqrt, 0, {StaticKind::kString}));
  // openCypher leaves these to run time.
  EXPECT_TRUE(AcceptsArgument(*FindFunction("range"), 0, {StaticKind::kBoolean}));
  EXPECT_TRUE(AcceptsArgument(*FindFunction("toInteger"), 0, {StaticKind::kMap}));
}

TEST(FunctionRegistry, DerivesResultTypes) {
  const StaticType integers{StaticKind::kInteger, 1};
  EXPECT_EQ(FindFunction("head")->result_type(std::vector{integers}), StaticType{StaticKind::kInteger});
  EXPECT_EQ(FindFunction("collect")->result_type(std::vector{integers}), (StaticType{StaticKind::kInteger, 2}));
  EXPECT_EQ(FindFunction("nodes")->result_type({}), (StaticType{StaticKind::kNode, 1}));
  const StaticType null{StaticKind::kNull};
  EXPECT_EQ(FindFunction("coalesce")->result_type(std::vector{null, integers}), integers);
}

// ---- Entities ----

TEST_F(FunctionTest, ReadsEntities) {
  const Value ada(VertexId{1});
  const Value knows(graph_.knows());
  ExpectValues({{"id", {ada}, 1},
                {"id", {knows}, 5},
                {"elementId", {ada}, "1"},
                {"labels", {ada}, List{"A", "B"}},
                {"labels", {Value(VertexId{2})}, List{}},
                {"type", {knows}, "KNOWS"},
                {"properties", {ada}, Map{{"name", "Ada"}}},
                {"properties", {knows}, Map{{"since", 1815}}},
                {"properties", {Map{{"a", 1}}}, Map{{"a", 1}}},
                {"keys", {ada}, List{"name"}},
                {"keys", {Map{{"b", 1}, {"a", Value()}}}, List{"a", "b"}},
                {"startNode", {knows}, VertexId{1}},
                {"endNode", {knows}, VertexId{2}},
                {"degree", {ada}, 1},
                {"inDegree", {ada}, 0},
                {"outDegree", {ada, "KNOWS"}, 1},
                {"outDegree", {ada, "NO_SUCH"}, 0},
                {"labels", {Value()}, Value()}});
}

TEST_F(FunctionTest, ReadsPaths) {
  const Value path(PathReference{{VertexId{2}, VertexId{1}}, {graph_.knows()}});
  ExpectValues({{"length", {path}, 1},
                {"nodes", {path}, List{VertexId{2}, VertexId{1}}},
                {"relationships", {path}, List{graph_.knows()}},
                {"length", {Value()}, Value()}});
}

TEST_F(FunctionTest, RefusesWrongEntities) {
  ExpectErrors({{"type", {0}, "TypeError.InvalidArgumentValue"},
                {"type", {VertexId{1}}, "TypeError.InvalidArgumentValue"},
                {"labels", {graph_.knows()}, "TypeError.InvalidArgumentValue"},
                {"length", {List{}}, "TypeError.InvalidArgumentValue"},
                {"properties", {"x"}, "TypeError.InvalidArgumentType"},
                {"labels", {VertexId{9}}, "EntityNotFound.DeletedEntityAccess"},
                {"properties", {VertexId{9}}, "EntityNotFound.DeletedEntityAccess"},
                {"properties", {graph_.deleted_edge()}, "EntityNotFound.DeletedEntityAccess"}});
  // openCypher: the type of a deleted relationship can still be told.
  ExpectValues({{"type", {graph_.deleted_edge()}, "KNOWS"}});
}

TEST_F(FunctionTest, PropertiesOfAnythingWithParts) {
  EXPECT_EQ(*PropertyOf(VertexId{1}, "name", graph_), Value("Ada"));
  EXPECT_EQ(*PropertyOf(VertexId{1}, "noSuchKey", graph_), Value());
  EXPECT_EQ(*PropertyOf(graph_.knows(), "since", graph_), Value(1815));
  EXPECT_EQ(*PropertyOf(Map{{"a", 1}}, "a", graph_), Value(1));
  EXPECT_EQ(*PropertyOf(Value(), "a", graph_), Value());
  EXPECT_EQ(*PropertyOf(*ParseDate("2015-07-21"), "month", graph_), Value(7));
  EXPECT_EQ(PropertyOf(1, "a", graph_).error().condition, "TypeError.InvalidArgumentType");
  EXPECT_EQ(*PropertyOf(VertexId{9}, "name", graph_), Value());
  EXPECT_EQ(PropertyOf(VertexId{9}, "name", graph_, true).error().condition, "EntityNotFound.DeletedEntityAccess");
  EXPECT_EQ(PropertyOf(graph_.deleted_edge(), "since", graph_, true).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(*PropertyOf(graph_.knows(), "name", graph_, true), Value());
}

TEST_F(FunctionTest, IndexesListsAndMaps) {
  const Value list(List{1, 2, 3});
  EXPECT_EQ(*IndexOf(list, 0, graph_), Value(1));
  EXPECT_EQ(*IndexOf(list, -1, graph_), Value(3));
  EXPECT_EQ(*IndexOf(list, 3, graph_), Value());
  EXPECT_EQ(*IndexOf(list, -4, graph_), Value());
  EXPECT_EQ(*IndexOf(list, std::numeric_limits<int64_t>::min(), graph_), Value());
  EXPECT_EQ(*IndexOf(Map{{"a", 1}}, "a", graph_), Value(1));
  EXPECT_EQ(*IndexOf(VertexId{1}, "name", graph_), Value("Ada"));
  EXPECT_EQ(*IndexOf(list, Value(), graph_), Value());
  EXPECT_EQ(*IndexOf(Value(), 1, graph_), Value());
  EXPECT_EQ(IndexOf(list, 1.0, graph_).error().condition, "TypeError.InvalidArgumentType");
  EXPECT_EQ(IndexOf(Map{}, 1, graph_).error().condition, "TypeError.MapElementAccessByNonString");
  EXPECT_EQ(IndexOf(true, 0, graph_).error().condition, "TypeError.InvalidArgumentType");
}

// ---- Lists ----

TEST_F(FunctionTest, WorksOnLists) {
  const List numbers{1, 2, 3};
  ExpectValues({{"coalesce", {Value(), Value(), 3, 4}, 3},
                {"coalesce", {Value()}, Value()},
                {"nullIf", {1, 1.0}, Value()},
                {"nullIf", {1, 2}, 1},
                {"exists", {Value()}, false},
                {"exists", {0}, true},
                {"head", {numbers}, 1},
                {"last", {numbers}, 3},
                {"tail", {numbers}, List{2, 3}},
                {"head", {List{}}, Value()},
                {"last", {List{}}, Value()},
                {"tail", {List{}}, List{}},
                {"tail", {Value()}, Value()},
                {"size", {numbers}, 3},
                {"size", {"智慧"}, 2},
                {"size", {Value()}, Value()},
                {"isEmpty", {""}, true},
                {"isEmpty", {numbers}, false},
                {"reverse", {numbers}, List{3, 2, 1}},
                {"reverse", {"raks智O"}, "O智skar"},
                {"valueType", {1.5}, "FLOAT NOT NULL"}});
  ExpectErrors({{"head", {1}, "TypeError.InvalidArgumentValue"},
                {"size", {1}, "TypeError.InvalidArgumentValue"},
                {"reverse", {1}, "TypeError.InvalidArgumentValue"}});
}

TEST_F(FunctionTest, TellsTheNarrowestType) {
  Value deep(List{});
  for (int i = 0; i < 100'000; ++i) deep = Value(List{deep});
  ExpectValues({{"valueType", {Value()}, "NULL"},
                {"valueType", {*ParseDateTime("2020-01-01T00:00Z")}, "ZONED DATETIME NOT NULL"},
                {"valueType", {Map{}}, "MAP NOT NULL"},
                {"valueType", {VertexId{1}}, "NODE NOT NULL"},
                {"valueType", {List{}}, "LIST<NOTHING> NOT NULL"},
                {"valueType", {List{Value()}}, "LIST<NULL> NOT NULL"},
                {"valueType", {List{1, 2}}, "LIST<INTEGER NOT NULL> NOT NULL"},
                {"valueType", {List{1, Value()}}, "LIST<INTEGER> NOT NULL"},
                {"valueType",
                 {List{1.5, 1, "a", true}},
                 "LIST<BOOLEAN NOT NULL | STRING NOT NULL | INTEGER NOT NULL | FLOAT NOT NULL> NOT NULL"},
                {"valueType",
                 {List{List{1}, List{}}},
                 "LIST<LIST<INTEGER NOT NULL> NOT NULL | LIST<NOTHING> NOT NULL> NOT NULL"}});
  const auto type = CallFunction(*FindFunction("valueType"), std::vector<Value>{deep}, context_);
  EXPECT_NE(type->AsString().find("LIST<ANY>"), std::string::npos);
  while (!deep.AsList().empty()) deep = Value(deep.AsList()[0]);  // from the outside: no deep recursion here either
}

TEST_F(FunctionTest, RangesIncludeBothEnds) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  ExpectValues({{"range", {0, 3}, List{0, 1, 2, 3}},
                {"range", {0, -1}, List{}},
                {"range", {-1236, -1234}, List{-1236, -1235, -1234}},
                {"range", {0, -10, -3}, List{0, -3, -6, -9}},
                {"range", {0, -2000, -1298}, List{0, -1298}},
                {"range", {0, 1, -1}, List{}},
                {"range", {1234, 1234, 1}, List{1234}},
                {"range", {kMax - 1, kMax}, List{kMax - 1, kMax}},
                {"range", {kMin, kMax, kMax}, List{kMin, int64_t{-1}, kMax - 1}},
                {"range", {kMax, kMin, kMin}, List{kMax, int64_t{-1}}}});
  ExpectErrors({{"range", {2, 8, 0}, "ArgumentError.NumberOutOfRange"},
                {"range", {true, 1, 1}, "ArgumentError.InvalidArgumentType"},
                {"range", {0.0, 1, 1}, "ArgumentError.InvalidArgumentType"},
                {"range", {0, Map{{"end", 1}}, 1}, "ArgumentError.InvalidArgumentType"}});
  EXPECT_EQ(Call("range", {0, kMax}).error().code, ErrorCode::kResourceExhausted);
  context_.memory_limit_bytes = 1000;
  EXPECT_EQ(Call("range", {0, 1000}).error().code, ErrorCode::kResourceExhausted);
}

// ---- Strings ----

TEST_F(FunctionTest, WorksOnStringsByCharacter) {
  ExpectValues({{"toUpper", {"straße é"}, "STRASSE É"},
                {"toLower", {"ÀÉ ΟΔΟΣ"}, "àé οδος"},
                {"upper", {"a"}, "A"},
                {"lower", {"A"}, "a"},
                {"trim", {" \t\u3000a b\u00a0\n"}, "a b"},
                {"ltrim", {"  a "}, "a "},
                {"rtrim", {" a  "}, " a"},
                {"btrim", {"xxaxx", "x"}, "a"},
                {"trim", {"   "}, ""},
                {"left", {"智慧城市", 2}, "智慧"},
                {"left", {"ab", 5}, "ab"},
                {"right", {"智慧城市", 2}, "城市"},
                {"right", {"ab", 5}, "ab"},
                {"substring", {"0123456789", 1}, "123456789"},
                {"substring", {"智慧城市", 1, 2}, "慧城"},
                {"substring", {"ab", 5}, ""},
                {"substring", {"ab", 0, 0}, ""},
                {"replace", {"hello", "l", "w"}, "hewwo"},
                {"replace", {"aaa", "aa", "b"}, "ba"},
                {"replace", {"hello", "", "w"}, "hello"},
                {"split", {"one1two", "1"}, List{"one", "two"}},
                {"split", {"a,b;c", List{",", ";"}}, List{"a", "b", "c"}},
                {"split", {"智慧", ""}, List{"智", "慧"}},
                {"split", {"", ","}, List{""}},
                {"split", {",a,", ","}, List{"", "a", ""}},
                {"char_length", {"智慧"}, 2},
                {"normalize", {"e\u0301"}, "é"},
                {"normalize", {"Ａ", "NFKC"}, "A"},
                {"toUpper", {Value()}, Value()},
                {"replace", {"a", Value(), "b"}, Value()}});
}

TEST_F(FunctionTest, KeepsInvalidUtf8Bounded) {
  ExpectValues({{"size", {"a\xff\xfe"}, 3}, {"left", {"\xff智", 1}, "\xff"}, {"right", {"a\xe6\x99", 1}, "\xe6\x99"}});
  EXPECT_TRUE(Call("toUpper", {"a\xff"}).has_value());
  EXPECT_TRUE(Call("trim", {"\xff \xfe"}).has_value());
}

TEST_F(FunctionTest, RefusesWrongStrings) {
  ExpectErrors({{"toUpper", {1}, "TypeError.InvalidArgumentValue"},
                {"left", {"a", -1}, "ArgumentError.NumberOutOfRange"},
                {"substring", {"a", -1}, "ArgumentError.NumberOutOfRange"},
                {"substring", {"a", 0, -1}, "ArgumentError.NumberOutOfRange"},
                {"split", {"a", 1}, "TypeError.InvalidArgumentValue"},
                {"normalize", {"a", "NFX"}, "ArgumentError.InvalidArgumentValue"}});
}

// ---- Numbers ----

TEST_F(FunctionTest, ComputesNumbers) {
  ExpectValues({{"abs", {-1}, 1},
                {"abs", {-1.5}, 1.5},
                {"sqrt", {12.96}, 3.6},
                {"sqrt", {4}, 2.0},
                {"ceil", {1.2}, 2.0},
                {"floor", {-1.2}, -2.0},
                {"sign", {-3.5}, -1},
                {"sign", {0}, 0},
                {"round", {1.5}, 2.0},
                {"round", {-1.5}, -1.0},
                {"round", {2.4999999}, 2.0},
                {"round", {0.49999999999999994}, 0.0},
                {"round", {1.249, 1}, 1.2},
                {"round", {1.005, 2}, 1.01},
                {"round", {-1.55, 1}, -1.6},
                {"round", {1.25, 1, "HALF_EVEN"}, 1.2},
                {"round", {1.21, 1, "UP"}, 1.3},
                {"round", {-1.29, 1, "CEILING"}, -1.2},
                {"round", {1234.5, -2}, 1200.0},
                {"exp", {0}, 1.0},
                {"log10", {1000}, 3.0},
                {"ln", {1}, 0.0},
                {"power", {2, 3}, 8.0},
                {"pow", {2, -1}, 0.5},
                {"atan2", {0, 1}, 0.0},
                {"degrees", {std::acos(-1.0)}, 180.0},
                {"log", {0}, -kInfinity},
                {"isNaN", {std::nan("")}, true},
                {"sqrt", {-1}, std::nan("")},
                {"abs", {Value()}, Value()}});
  ExpectErrors({{"abs", {std::numeric_limits<int64_t>::min()}, "ArithmeticError.NumberOutOfRange"},
                {"sqrt", {"4"}, "TypeError.InvalidArgumentValue"},
                {"power", {"4", 2}, "TypeError.InvalidArgumentValue"},
                {"round", {1.5, 1, "SIDEWAYS"}, "TypeError.InvalidArgumentValue"}});
}

TEST_F(FunctionTest, DrawsRandomNumbersAndIds) {
  for (int i = 0; i < 1000; ++i) {
    const double number = Call("rand", {})->AsFloat();
    EXPECT_GE(number, 0.0);
    EXPECT_LT(number, 1.0);
  }
  const std::string uuid = Call("randomUUID", {})->AsString();
  EXPECT_THAT(uuid, testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_NE(uuid, Call("randomUUID", {})->AsString());
  EXPECT_FALSE(FindFunction("rand")->deterministic);
  EXPECT_TRUE(FindFunction("sqrt")->deterministic);
}

// ---- Conversion ----

TEST_F(FunctionTest, ConvertsTypes) {
  ExpectValues({{"toInteger", {82.9}, 82},
                {"toInteger", {-2.9}, -2},
                {"toInteger", {"42"}, 42},
                {"toInteger", {" +42 "}, 42},
                {"toInteger", {"1.7"}, 1},
                {"toInteger", {"1e3"}, 1000},
                {"toInteger", {"9223372036854775807"}, std::numeric_limits<int64_t>::max()},
                {"toInteger", {"9223372036854775808"}, Value()},
                {"toInteger", {1e300}, Value()},
                {"toInteger", {std::nan("")}, Value()},
                {"toInteger", {"foo"}, Value()},
                {"toInteger", {""}, Value()},
                {"toInteger", {"--1"}, Value()},
                {"toInteger", {"+-1"}, Value()},
                {"toInteger", {"0x10"}, Value()},
                {"toFloat", {"3.5"}, 3.5},
                {"toFloat", {"5"}, 5.0},
                {"toFloat", {"1e400"}, kInfinity},
                {"toFloat", {"NaN"}, std::nan("")},
                {"toFloat", {"inf"}, Value()},
                {"toFloat", {"1.2.3"}, Value()},
                {"toFloat", {"."}, Value()},
                {"toBoolean", {"True"}, true},
                {"toBoolean", {" false "}, false},
                {"toBoolean", {"yes"}, Value()},
                {"toString", {1}, "1"},
                {"toString", {1.0}, "1.0"},
                {"toString", {1e10}, "1.0E10"},
                {"toString", {true}, "true"},
                {"toString", {"x"}, "x"},
                {"toString", {*ParseDate("2015-07-21")}, "2015-07-21"},
                {"toStringOrNull", {List{}}, Value()},
                {"toIntegerOrNull", {Map{}}, Value()},
                {"toIntegerList", {List{"1", 2.5, "x", Value(), List{}}}, List{1, 2, Value(), Value(), Value()}},
                {"toStringList", {List{1, "a"}}, List{"1", "a"}},
                {"toInteger", {Value()}, Value()}});
  ExpectErrors({{"toInteger", {List{}}, "TypeError.InvalidArgumentValue"},
                {"toInteger", {VertexId{1}}, "TypeError.InvalidArgumentValue"},
                {"toFloat", {true}, "TypeError.InvalidArgumentValue"},
                {"toBoolean", {1.0}, "TypeError.InvalidArgumentValue"},
                {"toBoolean", {Map{}}, "TypeError.InvalidArgumentValue"},
                {"toString", {List{}}, "TypeError.InvalidArgumentValue"},
                {"toString", {graph_.knows()}, "TypeError.InvalidArgumentValue"}});
}

}  // namespace
}  // namespace tupu
