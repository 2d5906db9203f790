#pragma once

#include <optional>

#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

// Temporal values from maps of components: {year: 1984, month: 10, day: 11}, {year: 1984, week: 10, dayOfWeek: 3},
// {date: other, day: 28}, {datetime: other, timezone: '+05:00'} ... A map may give a whole value to start from and
// components that replace its own; components must leave no gap: a day needs a month. A timezone, an offset or a name,
// is given to what has none; what has one keeps its instant and is shown in the new one, after its components were
// replaced. A time knows no date: it takes the offset that a named zone has at `now`.
// Errors: kInvalidArgument; kNotFound where the system has no time zone database.

Result<Date> DateFromMap(const Map& map, const DateTime& now);
Result<LocalTime> LocalTimeFromMap(const Map& map, const DateTime& now);
Result<Time> TimeFromMap(const Map& map, const DateTime& now);
Result<LocalDateTime> LocalDateTimeFromMap(const Map& map, const DateTime& now);
Result<DateTime> DateTimeFromMap(const Map& map, const DateTime& now);
Result<Duration> DurationFromMap(const Map& map);

/// The map that selects all of a temporal value: {date: value}, {time: value} or {datetime: value}; else nothing.
std::optional<Map> SelectionOf(const Value& value);

}  // namespace tupu
