#include "query/value/temporal_arithmetic.h"

#include <algorithm>

#include "storage/base/calendar.h"

namespace tupu {

namespace {

Error TooLong() {
  return Error{ErrorCode::kInvalidArgument, "the duration is too long for 64 bits"};
}

Result<int64_t> CheckedSum(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return TooLong();
  return sum;
}

Result<Date> AddMonths(Date date, int64_t months) {
  const CivilDate civil = CivilFromDays(date.days);
  TUPU_TRY_ASSIGN(const int64_t month_count, CheckedSum(civil.year * 12 + civil.month - 1, months));
  const int64_t year = FloorDivide(month_count, 12);
  const int month = static_cast<int>(FloorModulo(month_count, 12)) + 1;
  return MakeDate(year, month, std::min(civil.day, DaysInMonth(year, month)));
}

Result<Date> AddMonthsAndDays(Date date, int64_t months, int64_t days) {
  TUPU_TRY_ASSIGN(const Date moved, AddMonths(date, months));
  TUPU_TRY_ASSIGN(const int64_t day, CheckedSum(moved.days, days));
  return CheckedDate(day);
}

// Whole days, toward zero, in the clock part.
int64_t ClockDays(const Duration& duration) {
  int64_t seconds = duration.seconds;
  if (seconds < 0 && duration.nanoseconds > 0) ++seconds;
  return seconds / kSecondsPerDay;
}

}  // namespace

Result<Date> Move(Date date, const Duration& by) {
  TUPU_TRY_ASSIGN(const int64_t days, CheckedSum(by.days, ClockDays(by)));
  return AddMonthsAndDays(date, by.months, days);
}

LocalTime Move(LocalTime time, const Duration& by) {
  const int64_t clock = FloorModulo(by.seconds, kSecondsPerDay) * kNanosPerSecond + by.nanoseconds;
  return LocalTime{(time.nanoseconds + clock) % kNanosPerDay};
}

Time Move(const Time& time, const Duration& by) {
  return {Move(time.local, by), time.offset_seconds};
}

Result<LocalDateTime> Move(const LocalDateTime& time, const Duration& by) {
  TUPU_TRY_ASSIGN(const Date date, AddMonthsAndDays(DateOf(time), by.months, by.days));
  const LocalDateTime midday = Combine(date, TimeOf(time));
  TUPU_TRY_ASSIGN(const int64_t seconds, CheckedSum(midday.seconds, by.seconds));
  const int64_t nanoseconds = static_cast<int64_t>(midday.nanoseconds) + by.nanoseconds;
  LocalDateTime moved{seconds, static_cast<int32_t>(nanoseconds % kNanosPerSecond)};
  TUPU_TRY_ASSIGN(moved.seconds, CheckedSum(seconds, nanoseconds / kNanosPerSecond));
  TUPU_TRY(CheckedDate(DateOf(moved).days));
  return moved;
}

Result<DateTime> Move(const DateTime& time, const Duration& by) {
  const Zone zone{time.offset_seconds, time.zone};
  TUPU_TRY_ASSIGN(const LocalDateTime day, Move(LocalOf(time), Duration{by.months, by.days, 0, 0}));
  TUPU_TRY_ASSIGN(DateTime moved, AtLocal(day, zone, time.offset_seconds));
  const int64_t nanoseconds = static_cast<int64_t>(moved.nanoseconds) + by.nanoseconds;
  TUPU_TRY_ASSIGN(moved.seconds, CheckedSum(moved.seconds, by.seconds));
  TUPU_TRY_ASSIGN(moved.seconds, CheckedSum(moved.seconds, nanoseconds / kNanosPerSecond));
  moved.nanoseconds = static_cast<int32_t>(nanoseconds % kNanosPerSecond);
  return AtInstant(moved, zone);
}

Result<Duration> AddDurations(const Duration& a, const Duration& b) {
  TUPU_TRY_ASSIGN(const int64_t months, CheckedSum(a.months, b.months));
  TUPU_TRY_ASSIGN(const int64_t days, CheckedSum(a.days, b.days));
  TUPU_TRY_ASSIGN(const int64_t seconds, CheckedSum(a.seconds, b.seconds));
  return MakeDuration(months, days, seconds, static_cast<int64_t>(a.nanoseconds) + b.nanoseconds);
}

Result<Duration> NegateDuration(const Duration& duration) {
  constexpr int64_t kMin = INT64_MIN;
  if (duration.months == kMin || duration.days == kMin || duration.seconds == kMin) return TooLong();
  return MakeDuration(-duration.months, -duration.days, -duration.seconds, -static_cast<int64_t>(duration.nanoseconds));
}

Result<Duration> ScaleDuration(const Duration& duration, long double factor) {
  return MakeDuration(
      {static_cast<long double>(duration.months) * factor, static_cast<long double>(duration.days) * factor,
       static_cast<long double>(duration.seconds) * factor, static_cast<long double>(duration.nanoseconds) * factor});
}

}  // namespace tupu
