#include "storage/base/time_zone.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <tupu/temporal.h>

#include "storage/base/calendar.h"

namespace tupu {
namespace {

int64_t Seconds(std::string_view text) {
  return ParseLocalDateTime(text)->seconds;
}

std::string Read(std::string_view text) {
  const Result<DateTime> time = ParseDateTime(text);
  return time ? Format(*time) : "error: " + time.error().message;
}

TEST(ZoneRule, GoesOnForEver) {
  const auto stockholm = ZoneRule::Parse("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(stockholm.has_value());
  EXPECT_EQ(stockholm->OffsetAt(Seconds("2050-03-27T00:59:59")), 3600);
  EXPECT_EQ(stockholm->OffsetAt(Seconds("2050-03-27T01:00:00")), 7200);
  EXPECT_EQ(stockholm->OffsetAt(Seconds("2050-10-30T00:59:59")), 7200);
  EXPECT_EQ(stockholm->OffsetAt(Seconds("2050-10-30T01:00:00")), 3600);
  EXPECT_EQ(stockholm->OffsetAt(Seconds("+999999999-07-01")), 7200);
  EXPECT_EQ(stockholm->OffsetAt(Seconds("-999999999-01-01")), 3600);
}

TEST(ZoneRule, KnowsEveryFormOfDay) {
  struct Case {
    const char* rule;
    const char* utc;
    int32_t offset;
  };
  for (const Case& one : {
           Case{"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T00:59:59", -7200},  // 23:00 of the Saturday
           Case{"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T01:00:00", -3600},
           Case{"EET-2EEST,M3.4.4/50,M10.4.4/50", "2050-03-25T23:59:59", 7200},  // two hours into the Saturday
           Case{"EET-2EEST,M3.4.4/50,M10.4.4/50", "2050-03-26T00:00:00", 10800},
           Case{"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-01-01T00:00:00", 39600},  // summer over the new year
           Case{"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-07-01T00:00:00", 36000},
           Case{"IST-1GMT0,M10.5.0,M3.5.0/1", "2050-01-01T00:00:00", 0},  // "summer" time in winter
           Case{"IST-1GMT0,M10.5.0,M3.5.0/1", "2050-07-01T00:00:00", 3600},
           Case{"AAA5BBB,J60/0,J365/0", "2048-03-01T04:59:59", -18000},  // J60 is March 1st in every year
           Case{"AAA5BBB,J60/0,J365/0", "2048-03-01T05:00:00", -14400},
           Case{"AAA5BBB,59/0,364/0", "2048-02-29T05:00:00", -14400},  // and 59 is February 29th in leap years
           Case{"<+0330>-3:30", "2050-01-01T00:00:00", 12600},
           Case{"XXX+1:02:03", "2050-01-01T00:00:00", -3723},
       }) {
    const auto rule = ZoneRule::Parse(one.rule);
    ASSERT_TRUE(rule.has_value()) << one.rule;
    EXPECT_EQ(rule->OffsetAt(Seconds(one.utc)), one.offset) << one.rule << " " << one.utc;
  }
}

TEST(ZoneRule, RefusesWhatIsNone) {
  for (const char* text : {"", "CET", "A5", "CET-", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                           "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5", "CET-1CEST,366,1",
                           "CET-168", "CET-1:60", "<CET-1", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,M3.5.0,M10.5.0,"})
    EXPECT_FALSE(ZoneRule::Parse(text).has_value()) << text;
}

TEST(TimeZone, KnowsTheChangesOfTheDatabase) {
  const auto zone = TimeZone::Find("Europe/Stockholm");
  ASSERT_TRUE(zone.has_value()) << zone.error().message;
  EXPECT_EQ((*zone)->OffsetAt(Seconds("1984-01-01")), 3600);
  EXPECT_EQ((*zone)->OffsetAt(Seconds("1984-07-01")), 7200);
  EXPECT_EQ((*zone)->OffsetAt(Seconds("1970-07-01")), 3600);  // no summer time then
  EXPECT_EQ((*zone)->OffsetAt(Seconds("2017-10-29T00:59:59")), 7200);
  EXPECT_EQ((*zone)->OffsetAt(Seconds("2017-10-29T01:00:00")), 3600);
  EXPECT_EQ(*TimeZone::Find("Europe/Stockholm"), *zone);
}

TEST(TimeZone, HoldsOutsideTheRecordedYears) {
  const TimeZone& stockholm = **TimeZone::Find("Europe/Stockholm");
  EXPECT_EQ(stockholm.OffsetAt(Seconds("2500-07-01")), 7200);
  EXPECT_EQ(stockholm.OffsetAt(Seconds("2500-12-01")), 3600);
  EXPECT_EQ(stockholm.OffsetAt(Seconds("+999999999-07-01")), 7200);
  const int32_t mean_time = stockholm.OffsetAt(Seconds("1800-01-01"));
  EXPECT_EQ(stockholm.OffsetAt(Seconds("-999999999-01-01")), mean_time);
  EXPECT_NE(mean_time, 3600);
  EXPECT_EQ((*TimeZone::Find("America/New_York"))->OffsetAt(Seconds("+50000-07-01")), -4 * 3600);
  EXPECT_EQ((*TimeZone::Find("Asia/Shanghai"))->OffsetAt(Seconds("+50000-07-01")), 8 * 3600);
  EXPECT_EQ((*TimeZone::Find("UTC"))->OffsetAt(Seconds("2020-01-01")), 0);
}

// The rule of each file, against the changes that the file writes out: they agree where a file has both. (Not for zones
// whose summer time follows the moon: the file writes those years out.)
TEST(TimeZone, RulesContinueWhatIsRecorded) {
  int compared = 0;
  for (const char* name : {"Europe/Stockholm", "America/New_York", "Australia/Sydney", "America/Nuuk", "Europe/Dublin",
                           "America/Santiago", "Asia/Tokyo", "Pacific/Apia"}) {
    const auto zone = TimeZone::Find(name);
    ASSERT_TRUE(zone.has_value()) << name;
    // 400 years are a whole number of weeks, and the calendar repeats: 2436 follows the rule, 2036 is recorded.
    const int64_t cycle = int64_t{146'097} * kSecondsPerDay;
    for (int64_t at = Seconds("2036-01-01"); at < Seconds("2036-12-31"); at += 1800, ++compared)
      ASSERT_EQ((*zone)->OffsetAt(at), (*zone)->OffsetAt(at + cycle)) << name << " " << at;
  }
  EXPECT_GT(compared, 100'000);
}

TEST(TimeZone, SuggestsTheNameThatWasMeant) {
  const auto expect_hint = [](std::string_view name, std::string_view hint) {
    const auto zone = TimeZone::Find(name);
    ASSERT_FALSE(zone.has_value()) << name;
    EXPECT_EQ(zone.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(zone.error().hint, hint);
  };
  expect_hint("Europe/Stokholm", "Did you mean Europe/Stockholm?");
  expect_hint("europe/stockholm", "Did you mean Europe/Stockholm?");
  expect_hint("Shanghai", "Did you mean Asia/Shanghai?");
  expect_hint("America/Los Angeles", "Did you mean America/Los_Angeles?");
  expect_hint("qqqqqqqqqqqq", "");
  expect_hint(std::string(1'000'000, 'x'), "");
  expect_hint("../../etc/passwd", "");
  EXPECT_FALSE(TimeZone::Find("localtime").has_value());  // another zone on another machine
  EXPECT_FALSE(TimeZone::Find("").has_value());
}

TEST(TimeZone, IsFoundByManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([] {
      for (const char* name : {"Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Asia/Kolkata"})
        EXPECT_TRUE(TimeZone::Find(name).has_value());
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(ParseDateTime, ReadsNamedZones) {
  EXPECT_EQ(Read("2015-07-21T21:40:32.142[Europe/London]"), "2015-07-21T21:40:32.142+01:00[Europe/London]");
  EXPECT_EQ(Read("2015-07-21T21:40:32.142-04[America/New_York]"), "2015-07-21T21:40:32.142-04:00[America/New_York]");
  EXPECT_EQ(Read("2015-07-21T21:40:32.142+0845[Australia/Eucla]"), "2015-07-21T21:40:32.142+08:45[Australia/Eucla]");
  EXPECT_EQ(Read("20150721[Asia/Shanghai]"), "2015-07-21T00:00+08:00[Asia/Shanghai]");
  EXPECT_EQ(Read("2015-07-21T12Z[UTC]"), "2015-07-21T12:00Z[UTC]");
  EXPECT_EQ(Read("2015-07-21T12:00[Etc/GMT+5]"), "2015-07-21T12:00-05:00[Etc/GMT+5]");
  EXPECT_EQ(Read("+12345-07-01T00:00[Europe/Stockholm]"), "+12345-07-01T00:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(Read("2015-07-21T12:00+01:00[Europe/Stockholm]"),
            "error: '2015-07-21T12:00+01:00[Europe/Stockholm]' is not a date and time: Europe/Stockholm is at +02:00 "
            "then, not at the offset before it");
  EXPECT_EQ(ParseDateTime("2015-07-21T12:00[Europe/Stokholm]").error().hint, "Did you mean Europe/Stockholm?");
  EXPECT_FALSE(ParseDateTime("2015-07-21T12:00[]").has_value());
  EXPECT_FALSE(ParseDateTime("2015-07-21T12:00[Europe/Stockholm").has_value());
  EXPECT_FALSE(ParseDateTime("2015-07-21T12:00[Europe/Stockholm]x").has_value());
}

TEST(ParseTime, TakesANamedZoneBesideAnOffsetOnly) {
  EXPECT_EQ(Format(*ParseTime("12:00+01:00[Europe/Stockholm]")), "12:00+01:00");
  EXPECT_NE(ParseTime("12:00[Europe/Stockholm]").error().message.find("depends on the date"), std::string::npos);
}

// As java.time does it: an hour that is left out moves on, an hour that comes twice is the first one.
TEST(AtLocal, ResolvesGapsAndOverlaps) {
  EXPECT_EQ(Read("2017-03-26T02:30[Europe/Stockholm]"), "2017-03-26T03:30+02:00[Europe/Stockholm]");
  EXPECT_EQ(Read("2017-03-26T01:59:59[Europe/Stockholm]"), "2017-03-26T01:59:59+01:00[Europe/Stockholm]");
  EXPECT_EQ(Read("2017-03-26T03:00[Europe/Stockholm]"), "2017-03-26T03:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(Read("2017-10-29T02:30[Europe/Stockholm]"), "2017-10-29T02:30+02:00[Europe/Stockholm]");
  EXPECT_EQ(Read("2017-10-29T02:30+01:00[Europe/Stockholm]"), "2017-10-29T02:30+01:00[Europe/Stockholm]");
  EXPECT_EQ(Read("2017-10-29T03:00[Europe/Stockholm]"), "2017-10-29T03:00+01:00[Europe/Stockholm]");
  // Half an hour only, and a whole day that Samoa left out.
  EXPECT_EQ(Read("2017-10-01T02:15[Australia/Lord_Howe]"), "2017-10-01T02:45+11:00[Australia/Lord_Howe]");
  EXPECT_EQ(Read("2011-12-30T12:00[Pacific/Apia]"), "2011-12-31T12:00+14:00[Pacific/Apia]");
}

TEST(ParseZone, ReadsOffsetsAndNames) {
  EXPECT_EQ(ParseZone("Z")->offset_seconds, 0);
  EXPECT_EQ(ParseZone("+01:00")->offset_seconds, 3600);
  EXPECT_EQ(ParseZone("-0130")->offset_seconds, -5400);
  EXPECT_EQ(ParseZone("Asia/Tokyo")->name, "Asia/Tokyo");
  EXPECT_EQ(ParseZone("America/Los Angeles")->name, "America/Los_Angeles");
  EXPECT_EQ(Read("2015-07-21T12:00[America/Los Angeles]"), "2015-07-21T12:00-07:00[America/Los_Angeles]");
  for (const char* text : {"", "+", "+25:00", "+01:00x", "z1", "Asia/Tokio?"})
    EXPECT_FALSE(ParseZone(text).has_value()) << text;
}

}  // namespace
}  // namespace tupu
