#include "loaders/csv/column_type.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {
namespace {

using ::testing::HasSubstr;

Value Parse(std::string_view type, std::string_view text) {
  const Result<Value> value = ParseColumnValue(text, *FindColumnType(type), ';');
  EXPECT_TRUE(value.has_value()) << type << " " << text << ": " << value.error().message;
  return value.has_value() ? *value : Value();
}

void ExpectRefused(std::string_view type, std::string_view text, std::string_view reason) {
  const Result<Value> value = ParseColumnValue(text, *FindColumnType(type), ';');
  ASSERT_FALSE(value.has_value()) << type << " " << text << " gave " << value->ToString();
  EXPECT_EQ(value.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(value.error().message, HasSubstr(std::string(reason)));
}

TEST(CsvColumnType, KnowsTheNamesOfNeo4jAdmin) {
  for (const char* name : {"int", "long", "short", "byte", "float", "double", "boolean", "char", "string", "date",
                           "localtime", "time", "localdatetime", "datetime", "duration", "string[]", "DateTime"})
    EXPECT_TRUE(FindColumnType(name)) << name;
  for (const char* name : {"", "point", "text", "int[", "[]"}) EXPECT_FALSE(FindColumnType(name)) << name;
}

TEST(CsvColumnType, ParsesNumbers) {
  EXPECT_EQ(Parse("int", "42"), Value(42));
  EXPECT_EQ(Parse("int", " +7 "), Value(7));
  EXPECT_EQ(Parse("long", "-9223372036854775808"), Value(INT64_MIN));
  EXPECT_EQ(Parse("byte", "-128"), Value(-128));
  EXPECT_EQ(Parse("float", "5.0e-1"), Value(0.5));
  EXPECT_EQ(Parse("double", "3"), Value(3.0));
  EXPECT_TRUE(std::isnan(Parse("float", "NaN").AsFloat()));
  EXPECT_EQ(Parse("float", "-Infinity"), Value(-HUGE_VAL));
  ExpectRefused("int", "4.5", "\"4.5\" is not a whole number");
  ExpectRefused("int", "9223372036854775808", "within the range of int");
  ExpectRefused("int", "+-1", "whole number");
  ExpectRefused("byte", "128", "within the range of byte, -128 to 127");
  ExpectRefused("short", "40000", "within the range of short");
  ExpectRefused("float", "1,5", "is not a number");
  ExpectRefused("float", "inf", "is not a number");
  ExpectRefused("float", "1e999", "64-bit float");
  ExpectRefused("int", "", "whole number");
}

TEST(CsvColumnType, TakesExactBooleansOnly) {
  EXPECT_EQ(Parse("boolean", "true"), Value(true));
  EXPECT_EQ(Parse("boolean", "false"), Value(false));
  ExpectRefused("boolean", "True", "write true or false");
  ExpectRefused("boolean", "1", "write true or false");
}

TEST(CsvColumnType, KeepsTextsAsTheyAre) {
  EXPECT_EQ(Parse("string", "  华为 "), Value("  华为 "));
  EXPECT_EQ(Parse("char", "华"), Value("华"));
  ExpectRefused("char", "华为", "a single character");
}

TEST(CsvColumnType, ParsesTemporalValues) {
  EXPECT_EQ(Parse("date", "2021-10-11"), Value(Date{DaysFromCivil({2021, 10, 11})}));
  EXPECT_EQ(Parse("datetime", "1996-07-04T00:00:00.000").type(), ValueType::kDateTime);
  EXPECT_EQ(Parse("duration", "P1Y2M").type(), ValueType::kDuration);
  ExpectRefused("date", "2021-13-01", "");
}

TEST(CsvColumnType, AddsTheTimeZoneOfTheColumnWhereTheTextHasNone) {
  CsvColumnType type = *FindColumnType("datetime");
  type.timezone = "+08:00";
  EXPECT_EQ(ParseColumnValue("2021-10-11T08:00:00", type, ';')->AsDateTime().offset_seconds, 8 * 3600);
  EXPECT_EQ(ParseColumnValue("2021-10-11T08:00:00Z", type, ';')->AsDateTime().offset_seconds, 0);
  EXPECT_EQ(ParseColumnValue("2021-10-11", type, ';')->AsDateTime().offset_seconds, 8 * 3600);
  type.timezone = "Europe/Stockholm";
  const auto text = [&](std::string_view field) { return ParseColumnValue(field, type, ';')->ToString(); };
  EXPECT_EQ(text("2021-07-11T08:00:00"), "2021-07-11T08:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(text("2021-10-11"), "2021-10-11T00:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(text("2021-07-11T08:00-01:00"), "2021-07-11T08:00-01:00");
  EXPECT_EQ(text("2021-07-11T08:00[Asia/Tokyo]"), "2021-07-11T08:00+09:00[Asia/Tokyo]");
}

TEST(CsvColumnType, SplitsLists) {
  EXPECT_EQ(Parse("string[]", "a;b;;c"), Value(List{"a", "b", "", "c"}));
  EXPECT_EQ(Parse("int[]", "1; 2"), Value(List{1, 2}));
  EXPECT_EQ(*ParseColumnValue("1|2", *FindColumnType("int[]"), '|'), Value(List{1, 2}));
  ExpectRefused("int[]", "1;x", "\"x\" is not a whole number");
}

}  // namespace
}  // namespace tupu
