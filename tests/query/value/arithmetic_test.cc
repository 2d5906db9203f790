#include "query/value/arithmetic.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tupu {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
const double kInfinity = std::numeric_limits<double>::infinity();

using Operator = Result<Value> (*)(const Value&, const Value&);

struct Case {
  Operator op;
  Value a;
  Value b;
  Value expected;
};

void ExpectValues(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const Result<Value> value = one.op(one.a, one.b);
    ASSERT_TRUE(value.has_value()) << one.a.ToString() << " and " << one.b.ToString() << ": " << value.error().message;
    EXPECT_EQ(*value, one.expected) << one.a.ToString() << " and " << one.b.ToString() << " = " << value->ToString();
  }
}

struct Failure {
  Operator op;
  Value a;
  Value b;
  const char* condition;
};

void ExpectErrors(const std::vector<Failure>& failures) {
  for (const Failure& one : failures) {
    const Result<Value> value = one.op(one.a, one.b);
    ASSERT_FALSE(value.has_value()) << one.a.ToString() << " and " << one.b.ToString() << " = " << value->ToString();
    EXPECT_EQ(value.error().condition, one.condition) << value.error().message;
    EXPECT_EQ(value.error().code, ErrorCode::kInvalidArgument);
  }
}

Value DateOf(const char* text) {
  return *ParseDate(text);
}
Value DurationOf(const char* text) {
  return *ParseDuration(text);
}

TEST(Arithmetic, KeepsIntegersWhole) {
  ExpectValues({{Add, 1, 2, 3},
                {Subtract, 1, 2, -1},
                {Multiply, 3, -2, -6},
                {Divide, 7, 2, 3},
                {Divide, -7, 2, -3},
                {Modulo, 7, 3, 1},
                {Modulo, -7, 3, -1},
                {Modulo, 7, -3, 1},
                {Modulo, kMin, -1, 0},
                {Power, 2, 3, 8.0},
                {Power, 4, 0.5, 2.0}});
}

TEST(Arithmetic, FloatsFollowIeee) {
  ExpectValues({{Add, 1, 2.5, 3.5},
                {Divide, 1.0, 0, kInfinity},
                {Divide, -1, 0.0, -kInfinity},
                {Divide, 0.0, 0.0, std::nan("")},
                {Modulo, 5.5, 2, 1.5},
                {Modulo, 1.0, 0.0, std::nan("")},
                {Multiply, 1e300, 1e300, kInfinity},
                {Subtract, 0.3, 0.1, 0.3 - 0.1}});
}

TEST(Arithmetic, NullInNullOut) {
  for (const Operator op : {Add, Subtract, Multiply, Divide, Modulo, Power}) {
    EXPECT_EQ(*op(Value(), 1), Value());
    EXPECT_EQ(*op("x", Value()), Value());
  }
  EXPECT_EQ(*Negate(Value()), Value());
}

TEST(Arithmetic, OverflowIsAnError) {
  constexpr const char* kOverflow = "ArithmeticError.NumberOutOfRange";
  ExpectErrors({{Add, kMax, 1, kOverflow},
                {Subtract, kMin, 1, kOverflow},
                {Multiply, kMax, 2, kOverflow},
                {Divide, kMin, -1, kOverflow},
                {Divide, 1, 0, "ArithmeticError.DivisionByZero"},
                {Modulo, 1, 0, "ArithmeticError.DivisionByZero"}});
  EXPECT_EQ(Negate(kMin).error().condition, kOverflow);
  EXPECT_EQ(*Negate(kMax), Value(-kMax));
}

TEST(Arithmetic, RefusesWhatHasNoSum) {
  constexpr const char* kType = "TypeError.InvalidArgumentType";
  ExpectErrors({{Add, true, 1, kType},
                {Add, Map{}, "a", kType},
                {Subtract, "a", "b", kType},
                {Multiply, "a", 2, kType},
                {Modulo, true, 2, kType},
                {Subtract, List{1}, 1, kType},
                {Add, DateOf("2015-07-21"), 1, kType},
                {Power, "a", 2, kType}});
  EXPECT_EQ(Negate("a").error().condition, kType);
  EXPECT_EQ(Plus(List{}).error().condition, kType);
}

TEST(Add, JoinsStringsAndLists) {
  ExpectValues({{Add, "a", "b", "ab"},
                {Add, "a", 1, "a1"},
                {Add, 1.0, "a", "1.0a"},
                {Add, List{1, 10}, List{4}, List{1, 10, 4}},
                {Add, List{1}, 2, List{1, 2}},
                {Add, 0, List{1}, List{0, 1}},
                {Add, "a", List{"b"}, List{"a", "b"}},
                {Add, List{1}, Value(), Value()}});
}

TEST(Add, MovesDates) {
  ExpectValues({{Add, DateOf("1984-10-11"), DurationOf("P12Y5M14DT16H12M70S"), DateOf("1997-03-25")},
                {Add, DurationOf("P1M"), DateOf("2015-01-31"), DateOf("2015-02-28")},
                {Add, DateOf("2016-01-31"), DurationOf("P1M"), DateOf("2016-02-29")},
                {Add, DateOf("2015-01-01"), DurationOf("PT49H"), DateOf("2015-01-03")},
                {Subtract, DateOf("2015-03-31"), DurationOf("P1M"), DateOf("2015-02-28")},
                {Subtract, DateOf("1984-10-11"), DurationOf("PT23H"), DateOf("1984-10-11")}});
  ExpectErrors({{Add, DateOf("+999999999-12-31"), DurationOf("P1D"), ""},
                {Add, DateOf("2015-01-01"), DurationOf("P99999999999999999M"), ""},
                {Subtract, DateOf("2015-01-01"), DateOf("2014-01-01"), "TypeError.InvalidArgumentType"}});
}

TEST(Add, MovesTimes) {
  ExpectValues(
      {{Add, *ParseLocalTime("12:31:14.645876123"), DurationOf("P1DT16H12M70S"), *ParseLocalTime("04:44:24.645876123")},
       {Subtract, *ParseLocalTime("00:00"), DurationOf("PT0.000000001S"), *ParseLocalTime("23:59:59.999999999")},
       {Add, *ParseTime("23:00+01:00"), DurationOf("PT2H"), *ParseTime("01:00+01:00")},
       {Add, *ParseLocalDateTime("1984-10-11T12:31:14"), DurationOf("P12Y5M14DT16H12M70S"),
        *ParseLocalDateTime("1997-03-26T04:44:24")},
       {Subtract, *ParseDateTime("2000-03-01T00:00+08:00"), DurationOf("PT0.5S"),
        *ParseDateTime("2000-02-29T23:59:59.5+08:00")}});
}

TEST(Arithmetic, WorksOnDurations) {
  ExpectValues({{Add, DurationOf("P1D"), DurationOf("PT1H"), DurationOf("P1DT1H")},
                {Subtract, DurationOf("P1D"), DurationOf("PT0.5S"), DurationOf("P1DT-0.5S")},
                {Multiply, DurationOf("P1M2DT3S"), 2, DurationOf("P2M4DT6S")},
                {Multiply, 0.5, DurationOf("P1D"), DurationOf("PT12H")},
                {Divide, DurationOf("P1M"), 2, DurationOf("P15DT5H14M33S")}});
  EXPECT_EQ(*Negate(DurationOf("P1DT0.5S")), DurationOf("P-1DT-0.5S"));
  EXPECT_FALSE(Divide(DurationOf("P1D"), 0).has_value());
  EXPECT_FALSE(Multiply(DurationOf("P1D"), 1e300).has_value());
}

TEST(Arithmetic, MovesByTheClockOfAZone) {
  struct Journey {
    const char* from;
    const char* by;
    const char* to;
  };
  for (const Journey& one :
       {Journey{"2017-10-28T12:00[Europe/Stockholm]", "P1D", "2017-10-29T12:00+01:00[Europe/Stockholm]"},
        Journey{"2017-10-28T12:00[Europe/Stockholm]", "PT24H", "2017-10-29T11:00+01:00[Europe/Stockholm]"},
        Journey{"2017-10-29T12:00[Europe/Stockholm]", "P-1D", "2017-10-28T12:00+02:00[Europe/Stockholm]"},
        Journey{"2017-10-29T12:00[Europe/Stockholm]", "PT-24H", "2017-10-28T13:00+02:00[Europe/Stockholm]"},
        Journey{"2017-01-31T12:00[Europe/Stockholm]", "P6M", "2017-07-31T12:00+02:00[Europe/Stockholm]"},
        Journey{"2017-03-25T02:30[Europe/Stockholm]", "P1D", "2017-03-26T03:30+02:00[Europe/Stockholm]"},
        Journey{"2017-10-28T02:30[Europe/Stockholm]", "P1D", "2017-10-29T02:30+02:00[Europe/Stockholm]"},
        Journey{"2017-10-28T02:30[Europe/Stockholm]", "P1DT1H", "2017-10-29T02:30+01:00[Europe/Stockholm]"},
        Journey{"2017-11-29T02:30[Europe/Stockholm]", "P-1M", "2017-10-29T02:30+01:00[Europe/Stockholm]"},
        Journey{"2017-10-28T12:00+02:00", "P1D", "2017-10-29T12:00+02:00"}})
    EXPECT_EQ(Add(*ParseDateTime(one.from), DurationOf(one.by))->ToString(), one.to) << one.from << " + " << one.by;
  EXPECT_FALSE(Add(*ParseDateTime("+999999999-12-31T23:00Z"), DurationOf("PT2H")).has_value());
}

TEST(TextTests, AreNullUnlessBothAreStrings) {
  EXPECT_EQ(StartsWith("ABCDEF", "ABC"), Value(true));
  EXPECT_EQ(StartsWith("ABCDEF", ""), Value(true));
  EXPECT_EQ(EndsWith("ABCDEF", "DEF"), Value(true));
  EXPECT_EQ(EndsWith("ABCDEF", "AB"), Value(false));
  EXPECT_EQ(Contains("智慧城市", "慧城"), Value(true));
  EXPECT_EQ(Contains("ab", "abc"), Value(false));
  for (const Value& other : {Value(), Value(1), Value(true), Value(List{}), Value(Map{})}) {
    EXPECT_EQ(StartsWith("a", other), Value());
    EXPECT_EQ(EndsWith(other, "a"), Value());
    EXPECT_EQ(Contains(other, other), Value());
    EXPECT_EQ(*MatchesRegex("a", other), Value());
  }
}

TEST(MatchesRegex, TakesTheWholeText) {
  EXPECT_EQ(*MatchesRegex("Anna", "An.*"), Value(true));
  EXPECT_EQ(*MatchesRegex("Anna", "nn"), Value(false));
  EXPECT_EQ(*MatchesRegex("Anna", "(?i)ANNA"), Value(true));
  EXPECT_EQ(*MatchesRegex("智慧城市", "..城市"), Value(true));
  EXPECT_EQ(*MatchesRegex("a|b", "a|b"), Value(false));
  EXPECT_EQ(MatchesRegex("a", "(").error().condition, "ArgumentError.InvalidRegex");
  EXPECT_EQ(MatchesRegex("a", R"((a)\1)").error().condition, "ArgumentError.InvalidRegex");  // not linear
}

TEST(MatchesRegex, SaysWhatOfJavasPatternsItDoesNotTake) {
  for (const char* pattern : {"(?=a)abc", "(?<!a)b", "a++", R"((a)\1)", R"(\p{Alpha})", "(?<x>a)", "[a-z&&[^b]]"}) {
    const auto matched = MatchesRegex("abc", pattern);
    ASSERT_FALSE(matched.has_value()) << pattern;
    EXPECT_EQ(matched.error().condition, "ArgumentError.InvalidRegex");
    EXPECT_NE(matched.error().hint.find("linear time"), std::string::npos);
  }
  EXPECT_EQ(*MatchesRegex("ab", "(?P<x>a)b"), Value(true));
  EXPECT_EQ(*MatchesRegex("a\nb", "a.b"), Value(false));
  EXPECT_EQ(*MatchesRegex("a\nb", "(?s)a.b"), Value(true));
}

TEST(MatchesRegex, RunsInLinearTime) {
  // Backtracking needs 2^n steps here.
  EXPECT_EQ(*MatchesRegex(std::string(5000, 'a') + "b", "(a+)+"), Value(false));
  // More patterns than are kept.
  for (int i = 0; i < 200; ++i) EXPECT_EQ(*MatchesRegex(std::to_string(i), std::to_string(i)), Value(true));
}

TEST(Slice, CutsToTheList) {
  const Value list(List{1, 2, 3});
  using End = std::optional<Value>;
  const auto slice = [&](End from, End to) { return *Slice(list, from, to); };
  EXPECT_EQ(slice(1, 3), Value(List{2, 3}));
  EXPECT_EQ(slice(1, {}), Value(List{2, 3}));
  EXPECT_EQ(slice({}, 2), Value(List{1, 2}));
  EXPECT_EQ(slice(0, 0), Value(List{}));
  EXPECT_EQ(slice(3, 1), Value(List{}));
  EXPECT_EQ(slice(-5, 5), Value(list));
  EXPECT_EQ(slice(-2, -1), Value(List{2}));
  EXPECT_EQ(slice(kMin, kMax), Value(list));
  EXPECT_EQ(slice(Value(), 2), Value());
  EXPECT_EQ(slice(1, Value()), Value());
  EXPECT_EQ(*Slice(Value(), 1, 2), Value());
  EXPECT_FALSE(Slice(1, 1, 2).has_value());
  EXPECT_FALSE(Slice(list, 1.0, 2).has_value());
}

TEST(ToTernary, TakesBooleansAndNull) {
  EXPECT_EQ(*ToTernary(true), std::optional<bool>(true));
  EXPECT_EQ(*ToTernary(Value()), std::nullopt);
  EXPECT_EQ(ToTernary(1).error().condition, "TypeError.InvalidArgumentType");
}

TEST(FormatFloat, PrintsAsOpenCypher) {
  const std::vector<std::pair<double, const char*>> cases{{1.0, "1.0"},
                                                          {-0.0, "-0.0"},
                                                          {0.1, "0.1"},
                                                          {3.6, "3.6"},
                                                          {1e10, "1.0E10"},
                                                          {1234567.0, "1234567.0"},
                                                          {1e7, "1.0E7"},
                                                          {1.5e-7, "1.5E-7"},
                                                          {0.001, "0.001"},
                                                          {1e300, "1.0E300"},
                                                          {5e-324, "5.0E-324"},
                                                          {std::nan(""), "NaN"},
                                                          {kInfinity, "Infinity"},
                                                          {-kInfinity, "-Infinity"}};
  for (const auto& [number, text] : cases) EXPECT_EQ(FormatFloat(number), text);
}

}  // namespace
}  // namespace tupu
