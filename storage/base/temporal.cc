#include <tupu/temporal.h>

#include <cstdlib>
#include <iterator>

#include <fmt/format.h>

#include "storage/base/calendar.h"

namespace tupu {

namespace {

void AppendDate(std::string& out, Date date) {
  const CivilDate civil = CivilFromDays(date.days);
  const char* sign = civil.year < 0 ? "-" : civil.year > 9999 ? "+" : "";
  fmt::format_to(std::back_inserter(out), "{}{:04}-{:02}-{:02}", sign, std::abs(civil.year), civil.month, civil.day);
}

// A fraction in groups of three digits: milliseconds, microseconds or nanoseconds.
void AppendFraction(std::string& out, int64_t nanoseconds) {
  if (nanoseconds == 0) return;
  if (nanoseconds % 1'000'000 == 0) {
    fmt::format_to(std::back_inserter(out), ".{:03}", nanoseconds / 1'000'000);
  } else if (nanoseconds % 1'000 == 0) {
    fmt::format_to(std::back_inserter(out), ".{:06}", nanoseconds / 1'000);
  } else {
    fmt::format_to(std::back_inserter(out), ".{:09}", nanoseconds);
  }
}

void AppendLocalTime(std::string& out, LocalTime time) {
  const int64_t seconds = time.nanoseconds / kNanosPerSecond;
  const int64_t fraction = time.nanoseconds % kNanosPerSecond;
  fmt::format_to(std::back_inserter(out), "{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
  if (seconds % 60 == 0 && fraction == 0) return;
  fmt::format_to(std::back_inserter(out), ":{:02}", seconds % 60);
  AppendFraction(out, fraction);
}

void AppendOffset(std::string& out, int32_t offset_seconds) {
  if (offset_seconds == 0) {
    out += 'Z';
    return;
  }
  const int32_t seconds = std::abs(offset_seconds);
  fmt::format_to(std::back_inserter(out), "{}{:02}:{:02}", offset_seconds < 0 ? '-' : '+', seconds / 3600,
                 seconds / 60 % 60);
  if (seconds % 60 != 0) fmt::format_to(std::back_inserter(out), ":{:02}", seconds % 60);
}

void AppendPart(std::string& out, int64_t value, char unit) {
  if (value != 0) fmt::format_to(std::back_inserter(out), "{}{}", value, unit);
}

// Hours, minutes and seconds carry one sign: the span is split as a whole, toward zero.
void AppendClock(std::string& out, const Duration& duration) {
  int64_t seconds = duration.seconds;
  int64_t fraction = duration.nanoseconds;
  if (seconds < 0 && fraction > 0) {
    ++seconds;
    fraction -= kNanosPerSecond;
  }
  if (seconds == 0 && fraction == 0) return;
  out += 'T';
  AppendPart(out, seconds / 3600, 'H');
  AppendPart(out, seconds / 60 % 60, 'M');
  seconds %= 60;
  if (seconds == 0 && fraction == 0) return;
  const bool negative = seconds < 0 || fraction < 0;
  fmt::format_to(std::back_inserter(out), "{}{}", negative ? "-" : "", std::abs(seconds));
  if (fraction != 0) {
    std::string digits = fmt::format("{:09}", std::abs(fraction));
    digits.erase(digits.find_last_not_of('0') + 1);
    out += '.';
    out += digits;
  }
  out += 'S';
}

}  // namespace

std::string Format(const Date& date) {
  std::string out;
  AppendDate(out, date);
  return out;
}

std::string Format(const LocalTime& time) {
  std::string out;
  AppendLocalTime(out, time);
  return out;
}

std::string Format(const Time& time) {
  std::string out;
  AppendLocalTime(out, time.local);
  AppendOffset(out, time.offset_seconds);
  return out;
}

std::string Format(const LocalDateTime& time) {
  std::string out;
  AppendDate(out, DateOf(time));
  out += 'T';
  AppendLocalTime(out, TimeOf(time));
  return out;
}

std::string Format(const DateTime& time) {
  std::string out = Format(LocalOf(time));
  AppendOffset(out, time.offset_seconds);
  if (!time.zone.empty()) {
    out += '[';
    out += time.zone;
    out += ']';
  }
  return out;
}

std::string Format(const Duration& duration) {
  std::string out = "P";
  AppendPart(out, duration.months / 12, 'Y');
  AppendPart(out, duration.months % 12, 'M');
  AppendPart(out, duration.days, 'D');
  AppendClock(out, duration);
  return out == "P" ? "PT0S" : out;
}

}  // namespace tupu
