#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/functions/function_registry.h"
#include "tests/query/functions/fake_graph.h"

namespace tupu {
namespace {

class TemporalFunctionTest : public testing::Test {
 protected:
  Result<Value> Call(std::string_view name, std::vector<Value> arguments) {
    return CallFunction(*FindFunction(name), arguments, context_);
  }
  std::string Text(std::string_view name, std::vector<Value> arguments) {
    const Result<Value> value = Call(name, std::move(arguments));
    return value ? value->ToString() : "error: " + value.error().message;
  }
  std::string Part(const Value& value, std::string_view name) {
    const Result<Value> part = PropertyOf(value, name, graph_);
    return part ? part->ToString() : "error: " + part.error().message;
  }

  FakeGraph graph_;
  std::mt19937_64 random_{42};
  FunctionContext context_{graph_, *ParseDateTime("2021-03-04T05:06:07.089Z"), random_};
};

TEST_F(TemporalFunctionTest, TellsTheTimeOfTheStatement) {
  EXPECT_EQ(Text("date", {}), "2021-03-04");
  EXPECT_EQ(Text("localtime", {}), "05:06:07.089");
  EXPECT_EQ(Text("time.statement", {}), "05:06:07.089Z");
  EXPECT_EQ(Text("localdatetime.transaction", {}), "2021-03-04T05:06:07.089");
  EXPECT_EQ(Text("datetime", {}), "2021-03-04T05:06:07.089Z");
  EXPECT_EQ(Text("timestamp", {}), "1614834367089");
  EXPECT_NE(Text("datetime.realtime", {}), Text("datetime", {}));
  EXPECT_FALSE(FindFunction("date.realtime")->deterministic);
  EXPECT_EQ(Text("date", {Value()}), "null");
}

TEST_F(TemporalFunctionTest, ReadsTexts) {
  EXPECT_EQ(Text("date", {"2015W30"}), "2015-07-20");
  EXPECT_EQ(Text("datetime", {"2015-07-21T21:40-01:30"}), "2015-07-21T21:40-01:30");
  EXPECT_EQ(Text("duration", {"P5M1.5D"}), "P5M1DT12H");
  EXPECT_EQ(Call("date", {"2015-02-30"}).error().condition, "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(Call("date", {1}).error().condition, "TypeError.InvalidArgumentValue");
}

TEST_F(TemporalFunctionTest, BuildsDatesFromMaps) {
  EXPECT_EQ(Text("date", {Map{{"year", 1984}, {"month", 10}, {"day", 11}}}), "1984-10-11");
  EXPECT_EQ(Text("date", {Map{{"year", 1984}, {"month", 10}}}), "1984-10-01");
  EXPECT_EQ(Text("date", {Map{{"year", 1984}}}), "1984-01-01");
  EXPECT_EQ(Text("date", {Map{{"year", 1984}, {"week", 10}, {"dayOfWeek", 3}}}), "1984-03-07");
  EXPECT_EQ(Text("date", {Map{{"year", 1817}, {"week", 1}}}), "1816-12-30");
  EXPECT_EQ(Text("date", {Map{{"year", 1984}, {"ordinalDay", 202}}}), "1984-07-20");
  EXPECT_EQ(Text("date", {Map{{"year", 1984}, {"quarter", 3}, {"dayOfQuarter", 45}}}), "1984-08-14");
}

TEST_F(TemporalFunctionTest, ReplacesPartsOfADate) {
  const Value other(*ParseDate("1984-11-11"));
  EXPECT_EQ(Text("date", {other}), "1984-11-11");
  EXPECT_EQ(Text("date", {Map{{"date", other}, {"year", 28}}}), "0028-11-11");
  EXPECT_EQ(Text("date", {Map{{"date", other}, {"day", 28}}}), "1984-11-28");
  EXPECT_EQ(Text("date", {Map{{"date", other}, {"week", 1}}}), "1984-01-08");
  EXPECT_EQ(Text("date", {Map{{"date", other}, {"ordinalDay", 28}}}), "1984-01-28");
  EXPECT_EQ(Text("date", {Map{{"date", other}, {"quarter", 3}}}), "1984-08-11");
  EXPECT_EQ(Text("date", {Map{{"date", *ParseDate("1816-12-31")}, {"year", 1817}, {"week", 2}}}), "1817-01-07");
  EXPECT_EQ(Text("date", {*ParseDateTime("1984-11-11T23:00-01:00")}), "1984-11-11");
}

TEST_F(TemporalFunctionTest, BuildsTimesFromMaps) {
  const Map clock{{"hour", 12}, {"minute", 31}, {"second", 14}};
  const auto with = [&](std::string_view key, Value value) {
    Map map = clock;
    map.emplace(key, std::move(value));
    return map;
  };
  EXPECT_EQ(Text("localtime", {clock}), "12:31:14");
  EXPECT_EQ(Text("localtime", {with("millisecond", 645)}), "12:31:14.645");
  EXPECT_EQ(Text("localtime", {with("nanosecond", 3)}), "12:31:14.000000003");
  Map fraction = with("millisecond", 123);
  fraction.insert({{"microsecond", 456}, {"nanosecond", 789}});
  EXPECT_EQ(Text("localtime", {fraction}), "12:31:14.123456789");
  EXPECT_EQ(Text("time", {clock}), "12:31:14Z");
  EXPECT_EQ(Text("time", {with("timezone", "+01:00")}), "12:31:14+01:00");
  EXPECT_EQ(Text("localtime", {Map{{"hour", 12}}}), "12:00");
}

TEST_F(TemporalFunctionTest, MovesBetweenOffsets) {
  const Value time(*ParseTime("12:31:14.645876+01:00"));
  EXPECT_EQ(Text("time", {Map{{"time", time}, {"timezone", "+05:00"}}}), "16:31:14.645876+05:00");
  EXPECT_EQ(Text("localtime", {time}), "12:31:14.645876");
  EXPECT_EQ(Text("datetime", {Map{{"year", 1984}, {"month", 10}, {"day", 11}, {"time", time}}}),
            "1984-10-11T12:31:14.645876+01:00");
  EXPECT_EQ(Text("datetime", {Map{{"year", 1984}, {"month", 10}, {"day", 11}, {"time", time}, {"timezone", "+05:00"}}}),
            "1984-10-11T16:31:14.645876+05:00");
  const Value instant(*ParseDateTime("1984-10-11T23:00+01:00[Europe/Stockholm]"));
  EXPECT_EQ(Text("datetime", {instant}), "1984-10-11T23:00+01:00[Europe/Stockholm]");
  EXPECT_EQ(Text("datetime", {Map{{"datetime", instant}, {"timezone", "+05:00"}}}), "1984-10-12T03:00+05:00");
  EXPECT_EQ(Text("datetime", {Map{{"date", instant}, {"hour", 10}}}), "1984-10-11T10:00Z");
  EXPECT_EQ(Text("localdatetime", {instant}), "1984-10-11T23:00");
  EXPECT_EQ(Text("time", {instant}), "23:00+01:00");
}

TEST_F(TemporalFunctionTest, BuildsDateTimesInNamedZones) {
  const Map day{{"year", 1984}, {"ordinalDay", 202}};
  const auto with = [](Map map, std::initializer_list<std::pair<const char*, Value>> more) {
    for (const auto& [key, value] : more) map.insert_or_assign(key, value);
    return map;
  };
  EXPECT_EQ(Text("datetime", {with(day, {{"timezone", "Europe/Stockholm"}})}),
            "1984-07-20T00:00+02:00[Europe/Stockholm]");
  const Value noon(*ParseDateTime("1984-10-11T12:00[Europe/Stockholm]"));
  const Value march(*ParseLocalDateTime("1984-03-07T12:31:14.645"));
  EXPECT_EQ(Text("datetime", {Map{{"date", march}, {"time", noon}, {"day", 28}, {"second", 42}}}),
            "1984-03-28T12:00:42+02:00[Europe/Stockholm]");
  EXPECT_EQ(Text("datetime", {Map{{"date", march}, {"time", noon}, {"timezone", "+05:00"}}}), "1984-03-07T16:00+05:00");
  EXPECT_EQ(Text("datetime", {Map{{"datetime", noon}, {"day", 28}, {"timezone", "Pacific/Honolulu"}}}),
            "1984-10-28T01:00-10:00[Pacific/Honolulu]");
  EXPECT_EQ(Text("datetime", {Map{{"date", noon}, {"hour", 10}, {"timezone", "Pacific/Honolulu"}}}),
            "1984-10-11T10:00-10:00[Pacific/Honolulu]");
  // Components first, then the zone: what is late in one is on the next day of the other.
  const Value late(*ParseTime("23:00-01:00"));
  EXPECT_EQ(Text("datetime", {Map{{"year", 1984}, {"month", 12}, {"day", 31}, {"time", late}, {"timezone", "+05:00"}}}),
            "1985-01-01T05:00+05:00");
  EXPECT_EQ(Text("localdatetime", {noon}), "1984-10-11T12:00");
  EXPECT_EQ(Text("datetime", {noon}), "1984-10-11T12:00+01:00[Europe/Stockholm]");
}

TEST_F(TemporalFunctionTest, KeepsTheSecondOfTwoEqualHours) {
  const Value second(*ParseDateTime("2017-10-29T02:30+01:00[Europe/Stockholm]"));
  EXPECT_EQ(Text("datetime", {second}), "2017-10-29T02:30+01:00[Europe/Stockholm]");
  EXPECT_EQ(Text("datetime.truncate", {"hour", second}), "2017-10-29T02:00+01:00[Europe/Stockholm]");
  EXPECT_EQ(Text("datetime.truncate", {"day", second}), "2017-10-29T00:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(Text("datetime.truncate", {"day", second, Map{{"timezone", "Asia/Tokyo"}}}),
            "2017-10-29T00:00+09:00[Asia/Tokyo]");
}

TEST_F(TemporalFunctionTest, GivesTimesTheOffsetThatAZoneHasNow) {  // on March 4th
  EXPECT_EQ(Text("time", {Map{{"hour", 12}, {"timezone", "Europe/Stockholm"}}}), "12:00+01:00");
  EXPECT_EQ(Text("time", {Map{{"time", *ParseTime("12:00Z")}, {"timezone", "Pacific/Honolulu"}}}), "02:00-10:00");
  EXPECT_EQ(Text("time.statement", {"Asia/Shanghai"}), "13:06:07.089+08:00");
}

TEST_F(TemporalFunctionTest, NamesTheZoneItDoesNotKnow) {
  const auto time = Call("datetime", {Map{{"year", 1984}, {"timezone", "Europe/Stokholm"}}});
  ASSERT_FALSE(time.has_value());
  EXPECT_EQ(time.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(time.error().condition, "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(time.error().hint, "Did you mean Europe/Stockholm?");
  EXPECT_FALSE(Call("datetime", {Map{{"year", 1984}, {"timezone", 1}}}).has_value());
}

TEST_F(TemporalFunctionTest, StartsFromTheEpoch) {
  EXPECT_EQ(Text("datetime", {Map{{"epochSeconds", 416779}, {"nanosecond", 999999999}}}),
            "1970-01-05T19:46:19.999999999Z");
  EXPECT_EQ(Text("datetime", {Map{{"epochMillis", 237821673987}, {"timezone", "Europe/Stockholm"}}}),
            "1977-07-15T14:34:33.987+01:00[Europe/Stockholm]");
  EXPECT_EQ(Text("datetime", {Map{{"epochMillis", -1}}}), "1969-12-31T23:59:59.999Z");
  // Two hours look alike on that clock.
  EXPECT_EQ(Text("datetime", {Map{{"epochSeconds", 1509237000}, {"timezone", "Europe/Stockholm"}}}),
            "2017-10-29T02:30+02:00[Europe/Stockholm]");
  EXPECT_EQ(Text("datetime", {Map{{"epochSeconds", 1509240600}, {"timezone", "Europe/Stockholm"}}}),
            "2017-10-29T02:30+01:00[Europe/Stockholm]");
  EXPECT_FALSE(Call("datetime", {Map{{"epochMillis", 1}, {"epochSeconds", 1}}}).has_value());
  EXPECT_FALSE(Call("datetime", {Map{{"epochSeconds", 1}, {"date", *ParseDate("2000-01-01")}}}).has_value());
  EXPECT_FALSE(Call("datetime", {Map{{"epochSeconds", INT64_MAX}}}).has_value());
}

TEST_F(TemporalFunctionTest, MeasuresDaysByTheClockAndHoursAsTheyPass) {
  const auto between = [&](const char* name, std::string_view a, std::string_view b) {
    return Text(name, {*ParseDateTime(a), *ParseDateTime(b)});
  };
  const char* before = "2017-10-28T23:00+02:00[Europe/Stockholm]";
  const char* after = "2017-10-29T04:00+01:00[Europe/Stockholm]";
  EXPECT_EQ(between("duration.between", before, after), "PT6H");
  EXPECT_EQ(between("duration.between", after, before), "PT-6H");
  EXPECT_EQ(between("duration.between", before, "2017-10-29T23:00[Europe/Stockholm]"), "P1D");
  EXPECT_EQ(between("duration.inDays", before, "2017-10-29T23:00[Europe/Stockholm]"), "P1D");
  EXPECT_EQ(between("duration.inSeconds", before, "2017-10-29T23:00[Europe/Stockholm]"), "PT25H");
  EXPECT_EQ(between("duration.inSeconds", "2017-07-01T12:00[Europe/London]", "2017-07-01T12:00[America/New_York]"),
            "PT5H");
  const Value midnight(*ParseDateTime("2017-10-29T00:00[Europe/Stockholm]"));
  EXPECT_EQ(Text("duration.inSeconds", {midnight, *ParseLocalTime("04:00")}), "PT5H");
  EXPECT_EQ(Text("duration.inSeconds", {midnight, *ParseLocalDateTime("2017-10-29T04:00")}), "PT5H");
  EXPECT_EQ(Text("duration.inSeconds", {midnight, *ParseDate("2017-10-30")}), "PT25H");
  EXPECT_EQ(
      Text("duration.inSeconds", {*ParseDate("2017-10-29"), *ParseDateTime("2017-10-29T04:00[Europe/Stockholm]")}),
      "PT5H");
  EXPECT_EQ(Text("duration.inSeconds", {*ParseLocalTime("04:00"), midnight}), "PT-5H");
}

TEST_F(TemporalFunctionTest, RefusesMapsWithGapsOrStrangers) {
  for (const Map& map : std::vector<Map>{{{"day", 1}},
                                         {{"year", 1984}, {"day", 1}},
                                         {{"year", 1984}, {"dayOfWeek", 1}},
                                         {{"year", 1984}, {"month", 1}, {"week", 1}},
                                         {{"year", 1984}, {"month", 13}},
                                         {{"year", 1984}, {"moon", 1}},
                                         {{"year", "1984"}},
                                         {{"year", 1'000'000'000}},
                                         {{"date", 1}}})
    EXPECT_FALSE(Call("date", {map}).has_value()) << Value(map).ToString();
  for (const Map& map : std::vector<Map>{{{"minute", 1}},
                                         {{"hour", 24}},
                                         {{"hour", 1}, {"second", 1}},
                                         {{"hour", 1}, {"minute", 1}, {"second", 1}, {"nanosecond", 1'000'000'000}}})
    EXPECT_FALSE(Call("localtime", {map}).has_value()) << Value(map).ToString();
  EXPECT_FALSE(Call("duration", {Map{{"days", "1"}}}).has_value());
  EXPECT_FALSE(Call("duration", {Map{{"day", 1}}}).has_value());
}

TEST_F(TemporalFunctionTest, BuildsDurationsFromMaps) {
  EXPECT_EQ(Text("duration", {Map{{"days", 14}, {"hours", 16}, {"minutes", 12}}}), "P14DT16H12M");
  EXPECT_EQ(Text("duration", {Map{{"months", 5}, {"days", 1.5}}}), "P5M1DT12H");
  EXPECT_EQ(Text("duration", {Map{{"months", 0.75}}}), "P22DT19H51M49.5S");
  EXPECT_EQ(Text("duration", {Map{{"weeks", 2.5}}}), "P17DT12H");
  EXPECT_EQ(Text("duration", {Map{{"days", 1}, {"milliseconds", -1}}}), "P1DT-0.001S");
  EXPECT_EQ(Text("duration", {Map{{"seconds", -60}, {"milliseconds", -1}}}), "PT-1M-0.001S");
  EXPECT_EQ(Text("duration", {Map{{"milliseconds", 1'000'000'000'000'001}}}), "PT277777777H46M40.001S");
  EXPECT_EQ(Text("duration", {Map{{"nanoseconds", INT64_MAX}}}), "PT2562047H47M16.854775807S");
  EXPECT_EQ(Text("duration", {Map{}}), "PT0S");
}

TEST_F(TemporalFunctionTest, TakesDatesApart) {
  const Value date(*ParseDate("1984-10-11"));
  for (const auto& [name, value] : std::vector<std::pair<const char*, const char*>>{{"year", "1984"},
                                                                                    {"quarter", "4"},
                                                                                    {"month", "10"},
                                                                                    {"week", "41"},
                                                                                    {"weekYear", "1984"},
                                                                                    {"day", "11"},
                                                                                    {"ordinalDay", "285"},
                                                                                    {"weekDay", "4"},
                                                                                    {"dayOfQuarter", "11"}})
    EXPECT_EQ(Part(date, name), value) << name;
  EXPECT_EQ(Part(Value(*ParseDate("1984-01-01")), "weekYear"), "1983");
  EXPECT_EQ(PropertyOf(date, "hour", graph_).error().condition, "TypeError.InvalidArgumentValue");
}

TEST_F(TemporalFunctionTest, TakesTimesApart) {
  const Value time(*ParseDateTime("1984-11-11T12:31:14.645876123+01:00[Europe/Stockholm]"));
  for (const auto& [name, value] : std::vector<std::pair<const char*, const char*>>{{"year", "1984"},
                                                                                    {"hour", "12"},
                                                                                    {"minute", "31"},
                                                                                    {"second", "14"},
                                                                                    {"millisecond", "645"},
                                                                                    {"microsecond", "645876"},
                                                                                    {"nanosecond", "645876123"},
                                                                                    {"timezone", "'Europe/Stockholm'"},
                                                                                    {"offset", "'+01:00'"},
                                                                                    {"offsetMinutes", "60"},
                                                                                    {"offsetSeconds", "3600"},
                                                                                    {"epochSeconds", "469020674"},
                                                                                    {"epochMillis", "469020674645"}})
    EXPECT_EQ(Part(time, name), value) << name;
  EXPECT_EQ(Part(Value(*ParseTime("12:00Z")), "timezone"), "'Z'");
  const Value far(*ParseDateTime("+999999999-12-31T00:00[Europe/Stockholm]"));
  EXPECT_EQ(Part(far, "epochSeconds"), "31556889832690800");
  EXPECT_NE(Part(far, "epochMillis").find("does not fit"), std::string::npos);
  EXPECT_EQ(Part(far, "moon"), "error: a ZONED DATETIME has no component moon");
  EXPECT_EQ(PropertyOf(far, "epochsecond", graph_).error().hint, "Did you mean epochSeconds?");
  EXPECT_EQ(PropertyOf(Value(*ParseDate("1984-10-11")), "days", graph_).error().hint, "Did you mean day?");
  EXPECT_EQ(PropertyOf(Value(*ParseDuration("P1D")), "day", graph_).error().hint, "Did you mean days?");
}

TEST_F(TemporalFunctionTest, TakesDurationsApart) {
  const Value duration(*ParseDuration("P1Y4M10DT1H1M1.111111111S"));
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, const char*>>{{"years", "1"},
                                                        {"quarters", "5"},
                                                        {"months", "16"},
                                                        {"weeks", "1"},
                                                        {"days", "10"},
                                                        {"hours", "1"},
                                                        {"minutes", "61"},
                                                        {"seconds", "3661"},
                                                        {"milliseconds", "3661111"},
                                                        {"microseconds", "3661111111"},
                                                        {"nanoseconds", "3661111111111"},
                                                        {"quartersOfYear", "1"},
                                                        {"monthsOfQuarter", "1"},
                                                        {"monthsOfYear", "4"},
                                                        {"daysOfWeek", "3"},
                                                        {"minutesOfHour", "1"},
                                                        {"secondsOfMinute", "1"},
                                                        {"millisecondsOfSecond", "111"},
                                                        {"nanosecondsOfSecond", "111111111"}})
    EXPECT_EQ(Part(duration, name), value) << name;
  EXPECT_FALSE(PropertyOf(Value(*ParseDuration("P0DT99999999999H")), "nanoseconds", graph_).has_value());
}

TEST_F(TemporalFunctionTest, RefusesValuesWithoutTheNeededPart) {
  const auto message = [&](const char* name, const Value& value) { return Call(name, {value}).error().message; };
  EXPECT_EQ(message("localtime", *ParseDate("2020-01-01")),
            "localtime() takes a STRING, a MAP or a value with a time, not DATE 2020-01-01");
  EXPECT_EQ(message("date", *ParseTime("12:00Z")),
            "date() takes a STRING, a MAP or a value with a date, not ZONED TIME 12:00Z");
  EXPECT_EQ(message("datetime", *ParseDuration("P1D")),
            "datetime() takes a STRING, a MAP or a value with a date, not DURATION P1D");
}

TEST_F(TemporalFunctionTest, CountsFromTheEpoch) {
  EXPECT_EQ(Text("datetime.fromepoch", {416779, 999999999}), "1970-01-05T19:46:19.999999999Z");
  EXPECT_EQ(Text("datetime.fromepochmillis", {237821673987}), "1977-07-15T13:34:33.987Z");
  EXPECT_FALSE(Call("datetime.fromepoch", {INT64_MAX, 0}).has_value());
}

TEST_F(TemporalFunctionTest, TruncatesDates) {
  const Value date(*ParseDate("1984-10-11"));
  for (const auto& [unit, expected] : std::vector<std::pair<const char*, const char*>>{{"millennium", "1000-01-01"},
                                                                                       {"century", "1900-01-01"},
                                                                                       {"decade", "1980-01-01"},
                                                                                       {"year", "1984-01-01"},
                                                                                       {"weekYear", "1984-01-02"},
                                                                                       {"quarter", "1984-10-01"},
                                                                                       {"month", "1984-10-01"},
                                                                                       {"week", "1984-10-08"},
                                                                                       {"day", "1984-10-11"}})
    EXPECT_EQ(Text("date.truncate", {unit, date}), expected) << unit;
  EXPECT_EQ(Text("date.truncate", {"century", *ParseDate("-0044-03-15")}), "-0100-01-01");
  EXPECT_EQ(Text("date.truncate", {"decade", date, Map{{"day", 2}}}), "1980-01-02");
  EXPECT_EQ(Text("date.truncate", {"week", date, Map{{"dayOfWeek", 2}}}), "1984-10-09");
  EXPECT_EQ(Text("date.truncate", {"day"}), "2021-03-04");
  for (const Value& unit : {Value("hour"), Value("fortnight"), Value(1)})
    EXPECT_EQ(Call("date.truncate", {unit, date}).error().condition, "ArgumentError.InvalidArgumentValue");
}

TEST_F(TemporalFunctionTest, SaysWhichUnitsAndComponentsThereAre) {
  const Value date(*ParseDate("1984-10-11"));
  const auto error = [&](const char* name, std::vector<Value> arguments) {
    return Call(name, std::move(arguments)).error();
  };
  EXPECT_EQ(error("date.truncate", {"Month", date}).hint, "Did you mean month?");
  EXPECT_EQ(error("date.truncate", {"fortnight", date}).hint.substr(0, 10), "Units are ");
  EXPECT_EQ(error("date.truncate", {"hour", date}).message,
            "date.truncate() cannot cut to STRING 'hour': a date has no time");
  EXPECT_EQ(error("localtime.truncate", {"week", *ParseLocalTime("12:00")}).message,
            "localtime.truncate() cannot cut to STRING 'week': the value has no date");
  EXPECT_EQ(error("date", {Map{{"year", 1984}, {"mounth", 1}}}).hint, "Did you mean month?");
}

TEST_F(TemporalFunctionTest, TruncatesTimes) {
  const Value time(*ParseDateTime("1984-10-11T12:31:14.645876123-01:00"));
  EXPECT_EQ(Text("datetime.truncate", {"hour", time}), "1984-10-11T12:00-01:00");
  EXPECT_EQ(Text("datetime.truncate", {"microsecond", time, Map{{"nanosecond", 2}}}),
            "1984-10-11T12:31:14.645876002-01:00");
  EXPECT_EQ(Text("datetime.truncate", {"century", time, Map{{"timezone", "+05:00"}}}), "1900-01-01T00:00+05:00");
  EXPECT_EQ(Text("datetime.truncate", {"day", *ParseDate("1984-10-11")}), "1984-10-11T00:00Z");
  EXPECT_EQ(Text("localdatetime.truncate", {"second", time}), "1984-10-11T12:31:14");
  EXPECT_EQ(Text("localtime.truncate", {"day", time, Map{{"nanosecond", 2}}}), "00:00:00.000000002");
  EXPECT_EQ(Text("time.truncate", {"minute", time}), "12:31-01:00");
  EXPECT_EQ(Text("time.truncate", {"millisecond", *ParseTime("12:31:14.645876123+01:00")}), "12:31:14.645+01:00");
  EXPECT_FALSE(Call("datetime.truncate", {"microsecond", time, Map{{"nanosecond", 1000}}}).has_value());
}

TEST_F(TemporalFunctionTest, MeasuresBetweenMoments) {
  const auto between = [&](const char* name, const Value& a, const Value& b) { return Text(name, {a, b}); };
  const Value day(*ParseDate("1984-10-11"));
  const Value local(*ParseLocalDateTime("2016-07-21T21:45:22.142"));
  const Value zoned(*ParseDateTime("2014-07-21T21:40:36.143+0200"));
  EXPECT_EQ(between("duration.between", day, *ParseDate("2015-06-24")), "P30Y8M13D");
  EXPECT_EQ(between("duration.between", *ParseDate("2015-01-31"), *ParseDate("2015-02-28")), "P28D");
  EXPECT_EQ(between("duration.between", *ParseDate("-999999999-01-01"), *ParseDate("+999999999-12-31")),
            "P1999999998Y11M30D");
  EXPECT_EQ(between("duration.between", zoned, local), "P2YT4M45.999S");
  EXPECT_EQ(between("duration.between", zoned, *ParseDate("2015-06-24")), "P11M2DT2H19M23.857S");
  EXPECT_EQ(between("duration.between", *ParseLocalDateTime("2018-01-02T10:00:00.1"),
                    *ParseLocalDateTime("2018-01-01T10:00:00.2")),
            "PT-23H-59M-59.9S");
  EXPECT_EQ(between("duration.between", *ParseTime("14:30Z"), *ParseTime("16:30+0100")), "PT1H");
  EXPECT_EQ(between("duration.between", *ParseLocalTime("14:30"), *ParseTime("16:30+0100")), "PT2H");
  EXPECT_EQ(between("duration.between", *ParseLocalTime("14:30"), day), "PT-14H-30M");
  EXPECT_EQ(between("duration.inMonths", zoned, local), "P2Y");
  EXPECT_EQ(between("duration.inMonths", *ParseLocalTime("14:30"), day), "PT0S");
  EXPECT_EQ(between("duration.inDays", day, local), "P11606D");
  EXPECT_EQ(between("duration.inSeconds", zoned, local), "PT17544H4M45.999S");
  EXPECT_EQ(between("duration.inSeconds", *ParseLocalTime("12:44:56"), *ParseLocalTime("12:34:55.7")), "PT-10M-0.3S");
  EXPECT_EQ(between("duration.inSeconds", Value(), local), "null");
  EXPECT_FALSE(Call("duration.between", {day, 1}).has_value());
}

TEST_F(TemporalFunctionTest, ReadsClocksOfOtherOffsets) {
  EXPECT_EQ(Text("datetime.statement", {"+08:00"}), "2021-03-04T13:06:07.089+08:00");
  EXPECT_EQ(Text("date.transaction", {"-18:00"}), "2021-03-03");
  EXPECT_EQ(Text("date.realtime", {Value()}), "null");
  EXPECT_EQ(Text("datetime.statement", {"America/Los Angeles"}), "2021-03-03T21:06:07.089-08:00[America/Los_Angeles]");
  EXPECT_EQ(Call("date.statement", {"Mars/Olympus"}).error().condition, "ArgumentError.InvalidArgumentValue");
}

}  // namespace
}  // namespace tupu
