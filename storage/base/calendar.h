#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tupu/temporal.h>

namespace tupu {

// Reckoning in the proleptic Gregorian calendar, for the parser of ISO 8601 texts and for the functions that build
// temporal values from maps. Days are counts from 1970-01-01.

inline constexpr int64_t kMaxYear = 999'999'999;
inline constexpr int64_t kMinYear = -kMaxYear;
inline constexpr int64_t kSecondsPerDay = 86'400;
inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr int64_t kNanosPerDay = kSecondsPerDay * kNanosPerSecond;
inline constexpr int32_t kMaxOffsetSeconds = 18 * 3600;  // as ISO zones are used in practice, and in openCypher

/// Quotient rounded down, and the remainder in [0, divisor). Require: divisor > 0.
constexpr int64_t FloorDivide(int64_t value, int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}
constexpr int64_t FloorModulo(int64_t value, int64_t divisor) {
  return value % divisor + (value % divisor < 0 ? divisor : 0);
}

bool IsLeapYear(int64_t year);
int DaysInMonth(int64_t year, int month);      // requires month in [1, 12]
int DaysInQuarter(int64_t year, int quarter);  // requires quarter in [1, 4]
int WeeksInYear(int64_t week_year);            // 52 or 53

/// ISO 8601's week date: week 1 is the one with the year's first Thursday, day 1 is Monday.
struct WeekDate {
  int64_t year;
  int week;
  int day;
};
WeekDate WeekDateFromDays(int64_t days);
int DayOfWeek(int64_t days);  // [1, 7], Monday is 1
int DayOfYear(int64_t days);  // [1, 366]
int DayOfQuarter(int64_t days);

// The same with every part checked. Errors: kInvalidArgument names the part and its range.
Result<Date> MakeDate(int64_t year, int64_t month, int64_t day);
Result<Date> MakeWeekDate(int64_t week_year, int64_t week, int64_t day);
Result<Date> MakeQuarterDate(int64_t year, int64_t quarter, int64_t day);
Result<Date> MakeOrdinalDate(int64_t year, int64_t day);
Result<LocalTime> MakeLocalTime(int64_t hour, int64_t minute, int64_t second, int64_t nanosecond);
/// kInvalidArgument when the day lies outside the years +-999,999,999.
Result<Date> CheckedDate(int64_t days);

LocalDateTime Combine(Date date, LocalTime time);
Date DateOf(const LocalDateTime& time);
LocalTime TimeOf(const LocalDateTime& time);
/// The wall clock of a zoned instant.
LocalDateTime LocalOf(const DateTime& time);

/// Where a wall clock hangs: at an offset from UTC, or in a named zone, whose offset depends on the moment.
struct Zone {
  int32_t offset_seconds = 0;  // without a name
  std::string name;            // "Europe/Stockholm", or empty
};
/// An offset as it follows a time ("Z", "+01:00", "+0100"), or the name of a zone.
/// Errors: kInvalidArgument, kNotFound as TimeZone::Find.
Result<Zone> ParseZone(std::string_view text);

// Errors of both: as TimeZone::Find; kInvalidArgument when the wall clock leaves the calendar.

/// The instant at which a clock in the zone shows `local`. Where that clock is put back or forward, as
/// TimeZone::OffsetOfLocal decides; `preferred` is an offset it came with.
Result<DateTime> AtLocal(const LocalDateTime& local, const Zone& zone, std::optional<int32_t> preferred = {});
/// The instant of `time`, on a clock in the zone.
Result<DateTime> AtInstant(const DateTime& time, const Zone& zone);

/// The parts of a duration as they are written; fractions flow into the smaller units: a month is 30.436875 days on
/// average (2,629,746 s), a day 24 hours.
struct DurationParts {
  long double months = 0;
  long double days = 0;
  long double seconds = 0;
  long double nanoseconds = 0;
};
/// kInvalidArgument when a part leaves 64 bits.
Result<Duration> MakeDuration(const DurationParts& parts);
/// The same for whole numbers; `nanoseconds` may be any.
Result<Duration> MakeDuration(int64_t months, int64_t days, int64_t seconds, int64_t nanoseconds);

}  // namespace tupu
