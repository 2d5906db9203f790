#include "query/value/compare.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace tupu {
namespace {

const double kNan = std::nan("");
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kTwoTo53 = int64_t{1} << 53;
const Ternary kUnknown = std::nullopt;

struct Pair {
  Value a;
  Value b;
  Ternary expected;
};

std::string Text(const Pair& pair) {
  return pair.a.ToString() + " ~ " + pair.b.ToString();
}

Vertex VertexOf(uint64_t id) {
  return {VertexId{id}, {}, {}};
}

TEST(Ternary, FollowsKleene) {
  const std::vector<Ternary> all{true, false, kUnknown};
  const std::vector<std::vector<Ternary>> conjunction{
      {true, false, kUnknown}, {false, false, false}, {kUnknown, false, kUnknown}};
  const std::vector<std::vector<Ternary>> disjunction{
      {true, true, true}, {true, false, kUnknown}, {true, kUnknown, kUnknown}};
  const std::vector<std::vector<Ternary>> exclusive{
      {false, true, kUnknown}, {true, false, kUnknown}, {kUnknown, kUnknown, kUnknown}};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      EXPECT_EQ(And(all[i], all[j]), conjunction[i][j]);
      EXPECT_EQ(Or(all[i], all[j]), disjunction[i][j]);
      EXPECT_EQ(Xor(all[i], all[j]), exclusive[i][j]);
    }
  }
  EXPECT_EQ(Not(true), Ternary(false));
  EXPECT_EQ(Not(kUnknown), kUnknown);
  EXPECT_EQ(FromTernary(kUnknown), Value());
  EXPECT_EQ(FromTernary(true), Value(true));
}

TEST(Equals, IsThreeValued) {
  for (const Pair& pair : std::vector<Pair>{
           {1, 1, true},
           {1, 1.0, true},
           {1, 2, false},
           {1, "1", false},
           {0.0, -0.0, true},
           {kNan, kNan, false},
           {kNan, 1, false},
           {Value(), Value(), kUnknown},
           {Value(), 1, kUnknown},
           {"a", "a", true},
           {"a", "A", false},
           {true, true, true},
           {true, 1, false},
           {kTwoTo53 + 1, static_cast<double>(kTwoTo53), false},  // equal only after rounding
           {kMax, 9223372036854775808.0, false},
           {List{1, 2}, List{1, 2.0}, true},
           {List{1}, List{1, Value()}, false},
           {List{1, 2}, List{Value(), "foo"}, false},
           {List{1, 2}, List{Value(), 2}, kUnknown},
           {List{List{1, 2}, List{1, 3}}, List{List{1, 2}, List{Value(), "foo"}}, false},
           {List{kNan}, List{kNan}, false},
           {List{}, List{}, true},
           {List{1}, 1, false},
           {Map{{"a", 1}}, Map{{"a", 1.0}}, true},
           {Map{{"a", 1}}, Map{{"b", 1}}, false},
           {Map{{"a", 1}}, Map{{"a", 1}, {"b", Value()}}, false},
           {Map{{"a", 1}, {"b", Value()}}, Map{{"a", 1}, {"b", Value()}}, kUnknown},
           {Map{{"a", 1}, {"b", Value()}}, Map{{"a", 2}, {"b", Value()}}, false},
           {VertexId{1}, VertexId{1}, true},
           {VertexId{1}, VertexOf(1), true},  // a reference and the entity it stands for
           {VertexId{1}, VertexId{2}, false},
           {VertexId{1}, EdgeReference{EdgeId{1}}, false},
           {*ParseDate("2015-07-21"), *ParseDate("2015-07-21"), true},
           {*ParseDate("2015-07-21"), *ParseLocalDateTime("2015-07-21"), false},
           {*ParseDuration("P14DT16H"), *ParseDuration("P14DT960M"), true},
           {*ParseDuration("P1D"), *ParseDuration("PT24H"), false},
       }) {
    EXPECT_EQ(Equals(pair.a, pair.b), pair.expected) << Text(pair);
    EXPECT_EQ(Equals(pair.b, pair.a), pair.expected) << Text(pair);
  }
}

TEST(Less, KnowsOnlyComparableTypes) {
  for (const Pair& pair : std::vector<Pair>{
           {1, 2, true},
           {2, 1, false},
           {1, 1.5, true},
           {static_cast<double>(kTwoTo53), kTwoTo53 + 1, true},
           {-1e300, std::numeric_limits<int64_t>::min(), true},
           {kMax, 1e300, true},
           {1, kNan, false},
           {kNan, kNan, false},
           {"a", kNan, kUnknown},
           {1, "a", kUnknown},
           {1, Value(), kUnknown},
           {"a", "b", true},
           {"Z", "a", true},
           {"智", "\xF0\x9F\x98\x80", true},  // by code point, not by UTF-16 unit
           {false, true, true},
           {List{1}, List{1, 0}, true},
           {List{1, 2}, List{1, Value()}, kUnknown},
           {List{1, Value()}, List{3, Value()}, true},
           {List{1, "a"}, List{1, 2}, kUnknown},
           {Map{}, Map{{"a", 1}}, kUnknown},
           {VertexId{1}, VertexId{2}, kUnknown},
           {*ParseDate("2015-07-21"), *ParseDate("2015-07-22"), true},
           {*ParseTime("10:00+01:00"), *ParseTime("09:35Z"), true},
           {*ParseDateTime("1984-10-11T12:31+01:00"), *ParseDateTime("1984-10-11T11:32Z"), true},
           {*ParseDuration("P1D"), *ParseDuration("P2D"), kUnknown},
       })
    EXPECT_EQ(Less(pair.a, pair.b), pair.expected) << Text(pair);
  EXPECT_EQ(LessOrEqual(1, 1.0), Ternary(true));
  EXPECT_EQ(LessOrEqual(kNan, kNan), Ternary(false));
  EXPECT_EQ(LessOrEqual(List{1, Value()}, List{1}), Ternary(false));
}

// All types in the order of ORDER BY, several values of each.
const std::vector<Value>& Ascending() {
  static const std::vector<Value> values{
      Map{},
      Map{{"a", "map"}},
      Map{{"a", 1}, {"b", 1}},
      VertexId{1},
      VertexId{2},
      EdgeReference{EdgeId{1}},
      EdgeReference{EdgeId{2}},
      List{},
      List{"a"},
      List{"a", 1},
      List{1},
      List{1, "a"},
      List{1, Value()},
      PathReference{{VertexId{1}}, {}},
      PathReference{{VertexId{1}, VertexId{2}}, {EdgeReference{EdgeId{1}}}},
      *ParseDateTime("0001-01-01T01:01:01.000000001-11:59"),
      *ParseDateTime("1984-10-11T12:31+01:00"),
      *ParseDateTime("1984-10-11T11:32Z"),
      *ParseLocalDateTime("1984-10-11T12:30"),
      *ParseDate("-0001-01-01"),
      *ParseDate("1984-10-11"),
      *ParseTime("12:35:15+05:00"),
      *ParseTime("12:31Z"),
      *ParseLocalTime("10:35"),
      *ParseLocalTime("12:31:14.645876123"),
      *ParseDuration("-P1D"),
      *ParseDuration("P1D"),
      *ParseDuration("P1M"),
      "",
      "A",
      "a",
      "智",
      false,
      true,
      -std::numeric_limits<double>::infinity(),
      -1,
      -0.5,
      0,
      1,
      1.5,
      kTwoTo53,
      kTwoTo53 + 1,
      std::numeric_limits<double>::infinity(),
      kNan,
      Value(),
  };
  return values;
}

TEST(Order, IsTotalOverAllTypes) {
  const std::vector<Value>& values = Ascending();
  for (size_t i = 0; i < values.size(); ++i) {
    for (size_t j = 0; j < values.size(); ++j) {
      const int expected = i < j ? -1 : (i > j ? 1 : 0);
      EXPECT_EQ(Order(values[i], values[j]), expected) << values[i].ToString() << " and " << values[j].ToString();
      EXPECT_EQ(Equivalent(values[i], values[j]), i == j);
    }
  }
}

TEST(Equivalent, HasEqualHashes) {
  const std::vector<std::pair<Value, Value>> equivalent{
      {1, 1.0},
      {0.0, -0.0},
      {0, -0.0},
      {kNan, -kNan},
      {Value(), Value()},
      {kTwoTo53, static_cast<double>(kTwoTo53)},
      {List{1, Value(), kNan}, List{1.0, Value(), kNan}},
      {Map{{"a", Value()}}, Map{{"a", Value()}}},
      {VertexId{3}, VertexOf(3)},
      {EdgeReference{EdgeId{3}}, Edge{EdgeId{3}, "T", {}, {}, {}}},
      {PathReference{{VertexId{1}}, {}}, Path{{VertexOf(1)}, {}}},
      {*ParseDuration("PT60S"), *ParseDuration("PT1M")},
  };
  for (const auto& [a, b] : equivalent) {
    EXPECT_TRUE(Equivalent(a, b)) << a.ToString() << " and " << b.ToString();
    EXPECT_EQ(HashOf(a), HashOf(b)) << a.ToString() << " and " << b.ToString();
  }
}

TEST(HashOf, TellsNearValuesApart) {
  // Not a promise, but a hash that fails here would make every DISTINCT quadratic.
  const std::vector<Value>& values = Ascending();
  for (size_t i = 0; i < values.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      EXPECT_NE(HashOf(values[i]), HashOf(values[j])) << values[i].ToString() << " and " << values[j].ToString();
}

TEST(In, KnowsNulls) {
  struct Membership {
    Value element;
    List list;
    Ternary expected;
  };
  for (const Membership& one : std::vector<Membership>{
           {3, {1, Value(), 3}, true},
           {4, {1, Value(), 3}, kUnknown},
           {Value(), {}, false},
           {Value(), {Value()}, kUnknown},
           {1, {"1", 2}, false},
           {List{1, 2}, {1, List{1, "2"}}, false},
           {List{1, 2}, {List{Value(), "foo"}, List{1, 2}}, true},
           {List{1, 2}, {List{Value(), 2}}, kUnknown},
           {List{1, 2}, {1, List{1, 2, Value()}}, false},
           {kNan, {kNan}, false},
       })
    EXPECT_EQ(In(one.element, one.list), one.expected)
        << one.element.ToString() << " IN " << Value(one.list).ToString();
}

}  // namespace
}  // namespace tupu
