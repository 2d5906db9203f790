#pragma once

#include <tupu/result.h>
#include <tupu/temporal.h>

namespace tupu {

// A moment moved by a duration: months first (the day is cut to the month's last), then days, then the clock.
// Errors: kInvalidArgument when the result leaves the calendar.

/// A date moves by whole days of the clock part only.
Result<Date> Move(Date date, const Duration& by);
/// Times run round the clock; months and days do not matter.
LocalTime Move(LocalTime time, const Duration& by);
Time Move(const Time& time, const Duration& by);
Result<LocalDateTime> Move(const LocalDateTime& time, const Duration& by);
Result<DateTime> Move(const DateTime& time, const Duration& by);

Result<Duration> AddDurations(const Duration& a, const Duration& b);
/// Errors: kInvalidArgument when a part leaves 64 bits.
Result<Duration> NegateDuration(const Duration& duration);
Result<Duration> ScaleDuration(const Duration& duration, long double factor);

}  // namespace tupu
