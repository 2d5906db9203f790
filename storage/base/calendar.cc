#include "storage/base/calendar.h"

#include <cmath>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "storage/base/time_zone.h"

namespace tupu {

namespace {

Error OutOfRange(std::string_view part, int64_t value, int64_t low, int64_t high) {
  return Error{ErrorCode::kInvalidArgument, fmt::format("{} {} is not in {} to {}", part, value, low, high)};
}

Status CheckRange(std::string_view part, int64_t value, int64_t low, int64_t high) {
  if (value < low || value > high) return OutOfRange(part, value, low, high);
  return {};
}

constexpr int kDaysPerMonth[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

// Monday of week 1: the week of January 4th.
int64_t FirstMonday(int64_t week_year) {
  const int64_t january4 = DaysFromCivil({week_year, 1, 4});
  return january4 - (DayOfWeek(january4) - 1);
}

}  // namespace

// Hinnant, "chrono-compatible low-level date algorithms" (2013), in 64 bits: eras of 400 years that start on March 1st.
int64_t DaysFromCivil(const CivilDate& civil) {
  const int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const int64_t era = FloorDivide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t month_from_march = (civil.month + 9) % 12;
  const int64_t day_of_year = (153 * month_from_march + 2) / 5 + civil.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

CivilDate CivilFromDays(int64_t days) {
  days += 719'468;
  const int64_t era = FloorDivide(days, 146'097);
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const int month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

bool IsLeapYear(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int DaysInMonth(int64_t year, int month) {
  return month == 2 && IsLeapYear(year) ? 29 : kDaysPerMonth[month - 1];
}

int DaysInQuarter(int64_t year, int quarter) {
  const int first_month = 3 * quarter - 2;
  return DaysInMonth(year, first_month) + DaysInMonth(year, first_month + 1) + DaysInMonth(year, first_month + 2);
}

int WeeksInYear(int64_t week_year) {
  return static_cast<int>((FirstMonday(week_year + 1) - FirstMonday(week_year)) / 7);
}

int DayOfWeek(int64_t days) {
  return static_cast<int>(FloorModulo(days + 3, 7)) + 1;
}  // 1970-01-01 was a Thursday

int DayOfYear(int64_t days) {
  return static_cast<int>(days - DaysFromCivil({CivilFromDays(days).year, 1, 1})) + 1;
}

int DayOfQuarter(int64_t days) {
  const CivilDate civil = CivilFromDays(days);
  return static_cast<int>(days - DaysFromCivil({civil.year, (civil.month - 1) / 3 * 3 + 1, 1})) + 1;
}

WeekDate WeekDateFromDays(int64_t days) {
  const int day = DayOfWeek(days);
  const int64_t year = CivilFromDays(days - day + 4).year;  // the year of this week's Thursday
  return {year, static_cast<int>((days - FirstMonday(year)) / 7) + 1, day};
}

Result<Date> MakeDate(int64_t year, int64_t month, int64_t day) {
  TUPU_TRY(CheckRange("year", year, kMinYear, kMaxYear));
  TUPU_TRY(CheckRange("month", month, 1, 12));
  TUPU_TRY(CheckRange("day", day, 1, DaysInMonth(year, static_cast<int>(month))));
  return Date{DaysFromCivil({year, static_cast<int>(month), static_cast<int>(day)})};
}

Result<Date> MakeWeekDate(int64_t week_year, int64_t week, int64_t day) {
  TUPU_TRY(CheckRange("year", week_year, kMinYear, kMaxYear));
  TUPU_TRY(CheckRange("week", week, 1, WeeksInYear(week_year)));
  TUPU_TRY(CheckRange("day of the week", day, 1, 7));
  return CheckedDate(FirstMonday(week_year) + (week - 1) * 7 + day - 1);
}

Result<Date> MakeQuarterDate(int64_t year, int64_t quarter, int64_t day) {
  TUPU_TRY(CheckRange("year", year, kMinYear, kMaxYear));
  TUPU_TRY(CheckRange("quarter", quarter, 1, 4));
  TUPU_TRY(CheckRange("day of the quarter", day, 1, DaysInQuarter(year, static_cast<int>(quarter))));
  return Date{DaysFromCivil({year, static_cast<int>(quarter) * 3 - 2, 1}) + day - 1};
}

Result<Date> MakeOrdinalDate(int64_t year, int64_t day) {
  TUPU_TRY(CheckRange("year", year, kMinYear, kMaxYear));
  TUPU_TRY(CheckRange("day of the year", day, 1, IsLeapYear(year) ? 366 : 365));
  return Date{DaysFromCivil({year, 1, 1}) + day - 1};
}

Result<LocalTime> MakeLocalTime(int64_t hour, int64_t minute, int64_t second, int64_t nanosecond) {
  TUPU_TRY(CheckRange("hour", hour, 0, 23));
  TUPU_TRY(CheckRange("minute", minute, 0, 59));
  TUPU_TRY(CheckRange("second", second, 0, 59));
  TUPU_TRY(CheckRange("nanosecond", nanosecond, 0, kNanosPerSecond - 1));
  return LocalTime{((hour * 60 + minute) * 60 + second) * kNanosPerSecond + nanosecond};
}

Result<Date> CheckedDate(int64_t days) {
  static const int64_t first = DaysFromCivil({kMinYear, 1, 1});
  static const int64_t last = DaysFromCivil({kMaxYear, 12, 31});
  if (days < first || days > last)
    return Error{ErrorCode::kInvalidArgument, "the date lies outside the years -999,999,999 to 999,999,999"};
  return Date{days};
}

LocalDateTime Combine(Date date, LocalTime time) {
  return {date.days * kSecondsPerDay + time.nanoseconds / kNanosPerSecond,
          static_cast<int32_t>(time.nanoseconds % kNanosPerSecond)};
}

Date DateOf(const LocalDateTime& time) {
  return Date{FloorDivide(time.seconds, kSecondsPerDay)};
}

LocalTime TimeOf(const LocalDateTime& time) {
  return LocalTime{FloorModulo(time.seconds, kSecondsPerDay) * kNanosPerSecond + time.nanoseconds};
}

LocalDateTime LocalOf(const DateTime& time) {
  return {time.seconds + time.offset_seconds, time.nanoseconds};
}

Result<DateTime> AtLocal(const LocalDateTime& local, const Zone& zone, std::optional<int32_t> preferred) {
  if (zone.name.empty())
    return DateTime{local.seconds - zone.offset_seconds, local.nanoseconds, zone.offset_seconds, {}};
  TUPU_TRY_ASSIGN(const TimeZone* const rules, TimeZone::Find(zone.name));
  const int64_t seconds = local.seconds - rules->OffsetOfLocal(local.seconds, preferred);
  return DateTime{seconds, local.nanoseconds, rules->OffsetAt(seconds), zone.name};
}

Result<DateTime> AtInstant(const DateTime& time, const Zone& zone) {
  DateTime moved{time.seconds, time.nanoseconds, zone.offset_seconds, zone.name};
  if (!zone.name.empty()) {
    TUPU_TRY_ASSIGN(const TimeZone* const rules, TimeZone::Find(zone.name));
    moved.offset_seconds = rules->OffsetAt(time.seconds);
  }
  TUPU_TRY(CheckedDate(DateOf(LocalOf(moved)).days));
  return moved;
}

Result<Duration> MakeDuration(const DurationParts& parts) {
  constexpr long double kSecondsPerMonth = 2'629'746;  // 365.2425 days / 12
  constexpr long double kTwoTo63 = 9'223'372'036'854'775'808.0L;
  const auto whole_too_big = [](long double value) { return !(value >= -kTwoTo63 && value < kTwoTo63); };  // NaN is
  const long double months = std::trunc(parts.months);
  const long double all_days = parts.days + (parts.months - months) * kSecondsPerMonth / kSecondsPerDay;
  const long double days = std::trunc(all_days);
  const long double all_seconds = parts.seconds + (all_days - days) * kSecondsPerDay;
  const long double seconds = std::trunc(all_seconds);
  // Texts such as 10.01 are not exact in binary: round, or their last nanosecond would be missing.
  const long double nanoseconds = std::round((all_seconds - seconds) * kNanosPerSecond + parts.nanoseconds);
  if (whole_too_big(months) || whole_too_big(days) || whole_too_big(seconds) || whole_too_big(nanoseconds))
    return Error{ErrorCode::kInvalidArgument, "the duration is too long for 64 bits"};
  return MakeDuration(static_cast<int64_t>(months), static_cast<int64_t>(days), static_cast<int64_t>(seconds),
                      static_cast<int64_t>(nanoseconds));
}

Result<Duration> MakeDuration(int64_t months, int64_t days, int64_t seconds, int64_t nanoseconds) {
  int64_t all_seconds = 0;
  if (__builtin_add_overflow(seconds, FloorDivide(nanoseconds, kNanosPerSecond), &all_seconds))
    return Error{ErrorCode::kInvalidArgument, "the duration is too long for 64 bits"};
  return Duration{months, days, all_seconds, static_cast<int32_t>(FloorModulo(nanoseconds, kNanosPerSecond))};
}

}  // namespace tupu
