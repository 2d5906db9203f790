#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include <tupu/result.h>

#pragma GCC visibility push(default)

namespace tupu {

// The temporal types of openCypher. Years run to +-999,999,999, so days and seconds are 64-bit counts from
// 1970-01-01 of the proleptic Gregorian calendar.

struct Date {
  int64_t days = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};

struct LocalTime {
  int64_t nanoseconds = 0;  // of the day, [0, 86'400'000'000'000)
  friend auto operator<=>(const LocalTime&, const LocalTime&) = default;
};

struct Time {
  LocalTime local;
  int32_t offset_seconds = 0;  // east of UTC
  friend bool operator==(const Time&, const Time&) = default;
};

struct LocalDateTime {
  int64_t seconds = 0;
  int32_t nanoseconds = 0;  // [0, 1'000'000'000)
  friend auto operator<=>(const LocalDateTime&, const LocalDateTime&) = default;
};

struct DateTime {
  int64_t seconds = 0;  // UTC
  int32_t nanoseconds = 0;
  int32_t offset_seconds = 0;  // east of UTC, at that instant
  std::string zone;            // named zone ("Europe/Stockholm"), empty: the offset is all there is
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

struct Duration {
  int64_t months = 0;
  int64_t days = 0;
  int64_t seconds = 0;
  int32_t nanoseconds = 0;  // [0, 1'000'000'000), added to seconds
  friend bool operator==(const Duration&, const Duration&) = default;
};

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar, and back.
struct CivilDate {
  int64_t year;
  int month;  // [1, 12]
  int day;    // [1, 31]
};
int64_t DaysFromCivil(const CivilDate& civil);
CivilDate CivilFromDays(int64_t days);

/// ISO 8601 in openCypher's spellings. Errors: kInvalidArgument, with the text and what is wrong with it.
Result<Date> ParseDate(std::string_view text);
Result<LocalTime> ParseLocalTime(std::string_view text);
Result<Time> ParseTime(std::string_view text);
Result<LocalDateTime> ParseLocalDateTime(std::string_view text);
Result<DateTime> ParseDateTime(std::string_view text);
Result<Duration> ParseDuration(std::string_view text);

/// ISO 8601 as openCypher prints it: no seconds when they are zero, fractions of 3, 6 or 9 digits.
std::string Format(const Date& date);
std::string Format(const LocalTime& time);
std::string Format(const Time& time);
std::string Format(const LocalDateTime& time);
std::string Format(const DateTime& time);
std::string Format(const Duration& duration);

}  // namespace tupu

#pragma GCC visibility pop
