#pragma once

#include <tupu/result.h>
#include <tupu/temporal.h>

namespace tupu {

// A moment moved by a duration: months first (the day is cut to the month's last), then days, then the clock.
// Errors: kInvalidArgument when the result leaves the calendar; those of TimeZone::Find for the zone of a date-time.

/// A date moves by whole days of the clock part only.
Result<Date> Move(Date date, const Duration& by);
/// Times run round the clock; months and days do not matter.
LocalTime Move(LocalTime time, const Duration& by);
Time Move(const Time& time, const Duration& by);
Result<LocalDateTime> Move(const LocalDateTime& time, const Duration& by);
/// Months and days by the wall clock of its zone, then the clock part in time that passes: over a night in which clocks
/// are put back P1D keeps the hour, and PT24H ends an hour before it. The offset is kept where the clock shows the hour
/// twice; an hour that it leaves out is moved on by the gap.
Result<DateTime> Move(const DateTime& time, const Duration& by);

Result<Duration> AddDurations(const Duration& a, const Duration& b);
/// Errors: kInvalidArgument when a part leaves 64 bits.
Result<Duration> NegateDuration(const Duration& duration);
Result<Duration> ScaleDuration(const Duration& duration, long double factor);

}  // namespace tupu
