#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/functions/function_registry.h"

namespace tupu {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

/// Feeds the values to one state, and to two that are merged: both must agree.
Result<Value> Aggregate(const char* name, const List& values, bool distinct = false, std::vector<Value> more = {}) {
  const Function& function = *FindFunction(name);
  const auto whole = MakeAggregator(function, distinct);
  const auto first = MakeAggregator(function, distinct);
  const auto second = MakeAggregator(function, distinct);
  for (size_t i = 0; i < values.size(); ++i) {
    std::vector<Value> arguments{values[i]};
    arguments.insert(arguments.end(), more.begin(), more.end());
    TUPU_TRY(whole->Update(arguments));
    TUPU_TRY((i < values.size() / 2 ? first : second)->Update(arguments));
  }
  TUPU_TRY(first->Merge(*second));
  TUPU_TRY_ASSIGN(const Value merged, first->Finish());
  TUPU_TRY_ASSIGN(const Value result, whole->Finish());
  EXPECT_EQ(merged, result) << name;
  return result;
}

TEST(Aggregates, SkipNulls) {
  const List values{1, Value(), 3};
  EXPECT_EQ(*Aggregate("count", values), Value(2));
  EXPECT_EQ(*Aggregate("sum", values), Value(4));
  EXPECT_EQ(*Aggregate("avg", values), Value(2.0));
  EXPECT_EQ(*Aggregate("min", values), Value(1));
  EXPECT_EQ(*Aggregate("max", values), Value(3));
  EXPECT_EQ(*Aggregate("collect", values), Value(List{1, 3}));
}

TEST(Aggregates, HaveAValueForNoRows) {
  EXPECT_EQ(*Aggregate("count", {}), Value(0));
  EXPECT_EQ(*Aggregate("sum", {}), Value(0));
  EXPECT_EQ(*Aggregate("avg", {}), Value());
  EXPECT_EQ(*Aggregate("min", {}), Value());
  EXPECT_EQ(*Aggregate("collect", {}), Value(List{}));
  EXPECT_EQ(*Aggregate("stDev", {}), Value(0.0));
  EXPECT_EQ(*Aggregate("percentileCont", {}, false, {0.5}), Value());
}

TEST(Aggregates, CountStarCountsRows) {
  const auto count = MakeAggregator(*FindFunction("count"), false);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(count->Update({}).has_value());
  EXPECT_EQ(*count->Finish(), Value(3));
}

TEST(Aggregates, DistinctCountsEquivalentValuesOnce) {
  EXPECT_EQ(*Aggregate("count", {1, 1.0, 2, "1", Value(), 2}, true), Value(3));
  EXPECT_EQ(*Aggregate("count", {std::nan(""), std::nan(""), 0.0, -0.0}, true), Value(2));
  EXPECT_EQ(*Aggregate("sum", {2, 2, 3}, true), Value(5));
  EXPECT_EQ(*Aggregate("collect", {3, 1, 3, 2, 1}, true), Value(List{3, 1, 2}));
  EXPECT_EQ(*Aggregate("collect", {List{1, Value()}, List{1, Value()}}, true), Value(List{List{1, Value()}}));
}

TEST(Aggregates, SumsAreExact) {
  EXPECT_EQ(*Aggregate("sum", {kMax, 1, -1}), Value(kMax));  // the way there may leave 64 bits
  EXPECT_EQ(Aggregate("sum", {kMax, 1}).error().condition, "ArithmeticError.NumberOutOfRange");
  EXPECT_EQ(*Aggregate("sum", {1, 2.5}), Value(3.5));
  EXPECT_EQ(*Aggregate("sum", {1e16, 1.0, -1e16}), Value(1.0));
  EXPECT_EQ(*Aggregate("sum", List(10, 0.1)), Value(1.0));
  EXPECT_TRUE(std::isinf(Aggregate("sum", {HUGE_VAL, 1.0})->AsFloat()));
  EXPECT_TRUE(std::isnan(Aggregate("sum", {HUGE_VAL, -HUGE_VAL})->AsFloat()));
  EXPECT_EQ(*Aggregate("avg", {kMax, kMax}), Value(static_cast<double>(kMax)));
}

TEST(Aggregates, SumDurations) {
  const Value day(*ParseDuration("P1D"));
  EXPECT_EQ(*Aggregate("sum", {day, day}), Value(*ParseDuration("P2D")));
  EXPECT_EQ(*Aggregate("avg", {day, Value(*ParseDuration("P2D"))}), Value(*ParseDuration("P1DT12H")));
  EXPECT_FALSE(Aggregate("sum", {day, 1}).has_value());
}

TEST(Aggregates, RefuseWhatCannotBeAdded) {
  EXPECT_EQ(Aggregate("sum", {"a"}).error().condition, "TypeError.InvalidArgumentValue");
  EXPECT_EQ(Aggregate("avg", {true}).error().condition, "TypeError.InvalidArgumentValue");
  EXPECT_EQ(Aggregate("stDev", {"a"}).error().condition, "TypeError.InvalidArgumentValue");
}

TEST(Aggregates, ExtremesUseOrderability) {
  const List mixed{1, "a", Value(), List{1, 2}, 0.2, "b"};
  EXPECT_EQ(*Aggregate("min", mixed), Value(List{1, 2}));
  EXPECT_EQ(*Aggregate("max", mixed), Value(1));
  EXPECT_EQ(*Aggregate("min", {1, 2.0, 5, Value(), 3.2, 0.1}), Value(0.1));
  EXPECT_EQ(*Aggregate("max", {List{1}, List{2}, List{2, 1}}), Value(List{2, 1}));
  EXPECT_EQ(*Aggregate("min", {"a", "b", "B", Value(), "abc"}), Value("B"));
}

TEST(Aggregates, Percentiles) {
  const List prices{10.0, 20.0, 30.0};
  EXPECT_EQ(*Aggregate("percentileDisc", prices, false, {0.0}), Value(10.0));
  EXPECT_EQ(*Aggregate("percentileDisc", prices, false, {0.5}), Value(20.0));
  EXPECT_EQ(*Aggregate("percentileDisc", prices, false, {1.0}), Value(30.0));
  EXPECT_EQ(*Aggregate("percentileCont", prices, false, {0.25}), Value(15.0));
  EXPECT_EQ(*Aggregate("percentileCont", {1, 2}, false, {0.5}), Value(1.5));
  EXPECT_EQ(*Aggregate("percentileDisc", {3, 1, 2}, false, {1}), Value(3));
  for (const Value& percentile : {Value(1.1), Value(-1), Value(1000), Value(std::nan(""))})
    EXPECT_EQ(Aggregate("percentileCont", prices, false, {percentile}).error().condition,
              "ArgumentError.NumberOutOfRange");
}

TEST(Aggregates, StandardDeviations) {
  EXPECT_NEAR(Aggregate("stDev", {2, 4, 4, 4, 5, 5, 7, 9})->AsFloat(), 2.138089935299395, 1e-12);
  EXPECT_NEAR(Aggregate("stDevP", {2, 4, 4, 4, 5, 5, 7, 9})->AsFloat(), 2.0, 1e-12);
  EXPECT_EQ(*Aggregate("stDev", {42}), Value(0.0));
}

TEST(Aggregates, TellTheirMemory) {
  const auto collect = MakeAggregator(*FindFunction("collect"), true);
  const size_t empty = collect->MemoryBytes();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(collect->Update(std::vector<Value>{i}).has_value());
  EXPECT_GT(collect->MemoryBytes(), empty + 1000 * sizeof(Value));
}

}  // namespace
}  // namespace tupu
