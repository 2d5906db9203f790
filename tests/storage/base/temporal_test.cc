#include <tupu/temporal.h>

#include <string>

#include <gtest/gtest.h>

#include "storage/base/calendar.h"

namespace tupu {
namespace {

struct Spelling {
  const char* text;
  const char* printed;
};

template <class T>
void ExpectSpellings(Result<T> (*parse)(std::string_view), std::initializer_list<Spelling> spellings) {
  for (const auto& [text, printed] : spellings) {
    const Result<T> value = parse(text);
    ASSERT_TRUE(value.has_value()) << text << ": " << value.error().message;
    EXPECT_EQ(Format(*value), printed) << text;
    const Result<T> again = parse(Format(*value));
    ASSERT_TRUE(again.has_value()) << printed << ": " << again.error().message;
    EXPECT_EQ(*again, *value) << text;
  }
}

template <class T>
void ExpectRefused(Result<T> (*parse)(std::string_view), std::initializer_list<const char*> texts) {
  for (const char* text : texts) {
    const Result<T> value = parse(text);
    ASSERT_FALSE(value.has_value()) << text << " was read as " << Format(*value);
    EXPECT_EQ(value.error().code, ErrorCode::kInvalidArgument) << text;
    EXPECT_NE(value.error().message.find("is not a"), std::string::npos) << value.error().message;
  }
}

TEST(ParseDate, ReadsEverySpelling) {
  ExpectSpellings(ParseDate, {{"2015-07-21", "2015-07-21"},
                              {"20150721", "2015-07-21"},
                              {"2015-07", "2015-07-01"},
                              {"201507", "2015-07-01"},
                              {"2015-W30-2", "2015-07-21"},
                              {"2015W302", "2015-07-21"},
                              {"2015-W30", "2015-07-20"},
                              {"2015W30", "2015-07-20"},
                              {"2015-202", "2015-07-21"},
                              {"2015202", "2015-07-21"},
                              {"2015-Q2-60", "2015-05-30"},
                              {"2015Q260", "2015-05-30"},
                              {"2015-Q2", "2015-04-01"},
                              {"2015Q2", "2015-04-01"},
                              {"2015", "2015-01-01"},
                              {"0000-02-29", "0000-02-29"},
                              {"-0044-03-15", "-0044-03-15"},
                              {"+12345-01-31", "+12345-01-31"},
                              {"+999999999-12-31", "+999999999-12-31"},
                              {"-999999999-01-01", "-999999999-01-01"},
                              {"2020-W53-5", "2021-01-01"},
                              {"2016-366", "2016-12-31"}});
}

TEST(ParseDate, RefusesWhatIsNoDay) {
  ExpectRefused(
      ParseDate,
      {"",          "x",           "2015-13-01",  "2015-00-01", "2015-02-29",        "1900-02-29", "2015-04-31",
       "2015-366",  "2015-W54",    "2021-W53",    "2015-W30-8", "2015-Q5",           "2015-Q1-91", "15-07-21",
       "2015-7-21", "2015-07-21 ", "2015-07-21T", "20150",      "+1234567890-01-01", "2015--07",   "2015/07/21",
       "2015-07-",  "\xff\xfe"});
}

TEST(ParseLocalTime, ReadsEverySpelling) {
  ExpectSpellings(ParseLocalTime, {{"21:40:32.142", "21:40:32.142"},
                                   {"214032.142", "21:40:32.142"},
                                   {"21:40:32", "21:40:32"},
                                   {"214032", "21:40:32"},
                                   {"21:40", "21:40"},
                                   {"2140", "21:40"},
                                   {"21", "21:00"},
                                   {"21:40:00", "21:40"},
                                   {"12:31:14.645876", "12:31:14.645876"},
                                   {"12:31:14.64587612", "12:31:14.645876120"},
                                   {"12:31:14,5", "12:31:14.500"},
                                   {"23:59:59.999999999", "23:59:59.999999999"},
                                   {"00:00:00.000000001", "00:00:00.000000001"}});
}

TEST(ParseLocalTime, RefusesWhatNoClockShows) {
  ExpectRefused(ParseLocalTime, {"", "1", "24:00", "21:60", "21:40:60", "21:4", "2140:32", "21:40.5", "21:40:32.",
                                 "21:40:32.1234567890", "21:40Z"});
}

TEST(ParseTime, ReadsOffsets) {
  ExpectSpellings(ParseTime, {{"21:40:32.142+0100", "21:40:32.142+01:00"},
                              {"214032.142Z", "21:40:32.142Z"},
                              {"214032-0100", "21:40:32-01:00"},
                              {"22+18:00", "22:00+18:00"},
                              {"21:40-00:00", "21:40Z"},
                              {"21:40", "21:40Z"},
                              {"12:31:14+02:05:59", "12:31:14+02:05:59"},
                              {"12:00+0845[Australia/Eucla]", "12:00+08:45"}});
  ExpectRefused(ParseTime, {"21:40+18:01", "21:40+1", "21:40+01:60", "21:40 +01:00", "21:40+01:00["});
}

TEST(ParseLocalDateTime, ReadsEverySpelling) {
  ExpectSpellings(ParseLocalDateTime, {{"2015-07-21T21:40:32.142", "2015-07-21T21:40:32.142"},
                                       {"2015-W30-2T214032.142", "2015-07-21T21:40:32.142"},
                                       {"2015-202T21:40:32", "2015-07-21T21:40:32"},
                                       {"2015T214032", "2015-01-01T21:40:32"},
                                       {"20150721T21:40", "2015-07-21T21:40"},
                                       {"20150721", "2015-07-21T00:00"},
                                       {"1969-12-31T23:59:59.999999999", "1969-12-31T23:59:59.999999999"},
                                       {"-999999999-01-01T00:00:00", "-999999999-01-01T00:00"},
                                       {"+999999999-12-31T23:59:59", "+999999999-12-31T23:59:59"}});
  ExpectRefused(ParseLocalDateTime, {"2015-07-21T", "2015-07-21T21:40Z", "T21:40"});
}

TEST(ParseDateTime, ReadsOffsetsAndKeepsZones) {
  ExpectSpellings(ParseDateTime,
                  {{"2015-07-21T21:40:32.142+0100", "2015-07-21T21:40:32.142+01:00"},
                   {"2015-W30-2T214032.142Z", "2015-07-21T21:40:32.142Z"},
                   {"20150721T21:40-01:30", "2015-07-21T21:40-01:30"},
                   {"2015-W30T2140-00:00", "2015-07-20T21:40Z"},
                   {"2015-W30T2140-02", "2015-07-20T21:40-02:00"},
                   {"2015202T21+18:00", "2015-07-21T21:00+18:00"},
                   {"2015-07-21T21:40:32.142", "2015-07-21T21:40:32.142Z"},
                   {"2015-07-21T21:40:32.142+0845[Australia/Eucla]", "2015-07-21T21:40:32.142+08:45[Australia/Eucla]"},
                   {"2015-07-21T21:40-04[America/New_York]", "2015-07-21T21:40-04:00[America/New_York]"}});
  ExpectRefused(ParseDateTime, {"2015-07-21T21:40+01:00[]", "2015-07-21T21:40+01:00[a b]", "2015-07-21T21:40+01:00]"});
}

TEST(ParseDateTime, KeepsTheInstant) {
  EXPECT_EQ(ParseDateTime("1970-01-01T01:00+01:00")->seconds, 0);
  EXPECT_EQ(ParseDateTime("1969-12-31T23:59:59.5Z")->seconds, -1);
  EXPECT_EQ(ParseDateTime("1969-12-31T23:59:59.5Z")->nanoseconds, 500'000'000);
}

TEST(ParseDuration, ReadsEverySpelling) {
  ExpectSpellings(ParseDuration, {{"P14DT16H12M", "P14DT16H12M"},
                                  {"P5M1.5D", "P5M1DT12H"},
                                  {"P0.75M", "P22DT19H51M49.5S"},
                                  {"P20120202T143721.545", "P2012Y2M2DT14H37M21.545S"},
                                  {"P00010203", "P1Y2M3D"},
                                  {"P12345678D", "P12345678D"},
                                  {"PT9223372036854775807S", "PT2562047788015215H30M7S"},
                                  {"PT-9223372036854775808S", "PT-2562047788015215H-30M-8S"},
                                  {"PT0.75M", "PT45S"},
                                  {"P2.5W", "P17DT12H"},
                                  {"P12Y5M14DT16H12M70S", "P12Y5M14DT16H13M10S"},
                                  {"P12Y5M14DT16H13M10.01S", "P12Y5M14DT16H13M10.01S"},
                                  {"P12Y5M-14DT16H", "P12Y5M-14DT16H"},
                                  {"P1DT-0.001S", "P1DT-0.001S"},
                                  {"PT-1M-0.001S", "PT-1M-0.001S"},
                                  {"PT-59.999S", "PT-59.999S"},
                                  {"-P1Y2M", "P-1Y-2M"},
                                  {"P0D", "PT0S"},
                                  {"PT0S", "PT0S"},
                                  {"PT0.000000001S", "PT0.000000001S"},
                                  {"P2012-02-02T14:37:21.545", "P2012Y2M2DT14H37M21.545S"},
                                  {"PT999999999999999999S", "PT277777777777777H46M39S"}});
}

TEST(ParseDuration, RefusesWhatHasNoLength) {
  ExpectRefused(ParseDuration, {"", "P", "PT", "1D", "P1", "P1H", "PT1D", "P1DT", "P1D1Y", "P1Y1Y", "P1.D", "P.5D",
                                "P9999999999999999999D", "P1S", "PT1", "P--1D", "P999999999999999999Y"});
}

TEST(Format, ShowsTheSignOnEachPartOfADuration) {
  EXPECT_EQ(Format(Duration{-14, -3, -3661, 0}), "P-1Y-2M-3DT-1H-1M-1S");
  EXPECT_EQ(Format(Duration{0, 0, -1, 999'000'000}), "PT-0.001S");
  EXPECT_EQ(Format(Duration{0, 0, -61, 999'000'000}), "PT-1M-0.001S");
  EXPECT_EQ(Format(Duration{0, 0, 0, 500'000'000}), "PT0.5S");
  EXPECT_EQ(Format(Duration{0, 0, INT64_MIN, 0}), "PT-2562047788015215H-30M-8S");
}

TEST(Calendar, DaysAndCivilDatesAreInverse) {
  // A step that is coprime with every period of the calendar meets all months, leap years and centuries.
  for (int64_t days = -1'500'000; days < 1'500'000; days += 97) {
    const CivilDate civil = CivilFromDays(days);
    ASSERT_EQ(DaysFromCivil(civil), days);
    ASSERT_LE(civil.day, DaysInMonth(civil.year, civil.month));
    const WeekDate week = WeekDateFromDays(days);
    ASSERT_EQ(MakeWeekDate(week.year, week.week, week.day)->days, days);
    ASSERT_EQ(MakeOrdinalDate(civil.year, DayOfYear(days))->days, days);
    ASSERT_EQ(MakeQuarterDate(civil.year, (civil.month + 2) / 3, DayOfQuarter(days))->days, days);
  }
  EXPECT_EQ(DaysFromCivil({1970, 1, 1}), 0);
  EXPECT_EQ(DaysFromCivil({2000, 3, 1}), 11'017);
  EXPECT_EQ(DaysFromCivil({999'999'999, 12, 31}), 365'241'780'471);
}

}  // namespace
}  // namespace tupu
