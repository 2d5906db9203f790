#include "query/functions/internal/temporal_builder.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "query/value/value_error.h"
#include "storage/base/calendar.h"
#include "storage/base/similar.h"

namespace tupu {

namespace {

Error BadComponent(std::string_view name, std::string_view expected, const Value& value) {
  return ValueError("ArgumentError.InvalidArgumentType",
                    fmt::format("{} takes {}, not {}", name, expected, Describe(value)));
}

Error Gap(std::string_view part, std::string_view missing) {
  return ValueError("ArgumentError.InvalidArgumentValue", fmt::format("{} needs {} beside it", part, missing));
}

/// The map, asked for by name; a component that no one asks for is an error, since it would be lost silently.
class Components {
 public:
  explicit Components(const Map& map) : map_(map) {}

  const Value* Find(std::string_view name) {
    asked_.push_back(name);
    const auto found = map_.find(name);
    return found == map_.end() || found->second.is_null() ? nullptr : &found->second;
  }

  Result<std::optional<int64_t>> FindInteger(std::string_view name) {
    const Value* value = Find(name);
    if (value == nullptr) return std::optional<int64_t>();
    if (value->type() != ValueType::kInteger) return BadComponent(name, "an INTEGER", *value);
    return std::optional<int64_t>(value->AsInteger());
  }

  Status CheckAllAsked(std::string_view type) const {
    for (const auto& [name, value] : map_) {
      if (std::ranges::find(asked_, name) != asked_.end()) continue;
      Error error =
          ValueError("ArgumentError.InvalidArgumentValue", fmt::format("a {} has no component {}", type, name));
      error.hint = DidYouMean(name, asked_);
      return error;
    }
    return {};
  }

 private:
  const Map& map_;
  std::vector<std::string_view> asked_;
};

// ---- Whole values to start from ----

struct Selected {
  std::optional<Date> date;
  std::optional<LocalTime> time;
  std::optional<Zone> zone;  // of what gave the time; a named one with the offset it had there
};

std::optional<Date> DatePart(const Value& value) {
  switch (value.type()) {
    case ValueType::kDate: return value.AsDate();
    case ValueType::kLocalDateTime: return DateOf(value.AsLocalDateTime());
    case ValueType::kDateTime: return DateOf(LocalOf(value.AsDateTime()));
    default: return std::nullopt;
  }
}

std::optional<LocalTime> TimePart(const Value& value) {
  switch (value.type()) {
    case ValueType::kLocalTime: return value.AsLocalTime();
    case ValueType::kTime: return value.AsTime().local;
    case ValueType::kLocalDateTime: return TimeOf(value.AsLocalDateTime());
    case ValueType::kDateTime: return TimeOf(LocalOf(value.AsDateTime()));
    default: return std::nullopt;
  }
}

std::optional<Zone> ZonePart(const Value& value) {
  if (value.type() == ValueType::kTime) return Zone{value.AsTime().offset_seconds, {}};
  if (value.type() == ValueType::kDateTime) return Zone{value.AsDateTime().offset_seconds, value.AsDateTime().zone};
  return std::nullopt;
}

Result<std::optional<Zone>> FindZone(Components& components) {
  const Value* value = components.Find("timezone");
  if (value == nullptr) return std::optional<Zone>();
  if (value->type() != ValueType::kString) return BadComponent("timezone", "a STRING", *value);
  TUPU_TRY_ASSIGN(Zone zone, ParseZone(value->AsString()));
  return std::optional<Zone>(std::move(zone));
}

Status SelectDate(Components& components, Selected& selected) {
  const Value* source = components.Find("date");
  if (source == nullptr) source = components.Find("datetime");
  if (source == nullptr) return {};
  selected.date = DatePart(*source);
  if (!selected.date) return BadComponent("date", "a DATE or a value with a date", *source);
  return {};
}

Status SelectTime(Components& components, Selected& selected) {
  const Value* source = components.Find("time");
  if (source == nullptr) source = components.Find("datetime");
  if (source == nullptr) return {};
  selected.time = TimePart(*source);
  if (!selected.time) return BadComponent("time", "a value with a time", *source);
  selected.zone = ZonePart(*source);
  return {};
}

// epochSeconds and epochMillis: the instant as a clock of the zone shows it.
Status SelectInstant(Components& components, const Zone& zone, Selected& selected) {
  TUPU_TRY_ASSIGN(const auto seconds, components.FindInteger("epochSeconds"));
  TUPU_TRY_ASSIGN(const auto millis, components.FindInteger("epochMillis"));
  if (!seconds && !millis) return {};
  if ((seconds && millis) || selected.date || selected.time)
    return ValueError("ArgumentError.InvalidArgumentValue",
                      "a date and time starts from one of datetime, date and time, epochSeconds, epochMillis");
  DateTime instant{seconds.value_or(FloorDivide(millis.value_or(0), 1000)), 0, 0, {}};
  if (millis) instant.nanoseconds = static_cast<int32_t>(FloorModulo(*millis, 1000) * 1'000'000);
  TUPU_TRY(CheckedDate(FloorDivide(instant.seconds, kSecondsPerDay)));
  TUPU_TRY_ASSIGN(const DateTime shown, AtInstant(instant, zone));
  selected.date = DateOf(LocalOf(shown));
  selected.time = TimeOf(LocalOf(shown));
  selected.zone = Zone{shown.offset_seconds, shown.zone};  // the offset tells two equal hours apart
  return {};
}

// ---- Dates: by month, week, quarter or day of the year ----

Result<Date> BuildDate(Components& components, std::optional<Date> base) {
  TUPU_TRY_ASSIGN(const auto year, components.FindInteger("year"));
  TUPU_TRY_ASSIGN(const auto month, components.FindInteger("month"));
  TUPU_TRY_ASSIGN(const auto day, components.FindInteger("day"));
  TUPU_TRY_ASSIGN(const auto week, components.FindInteger("week"));
  TUPU_TRY_ASSIGN(const auto day_of_week, components.FindInteger("dayOfWeek"));
  TUPU_TRY_ASSIGN(const auto quarter, components.FindInteger("quarter"));
  TUPU_TRY_ASSIGN(const auto day_of_quarter, components.FindInteger("dayOfQuarter"));
  TUPU_TRY_ASSIGN(const auto ordinal_day, components.FindInteger("ordinalDay"));
  const bool by_week = week || day_of_week;
  const bool by_quarter = quarter || day_of_quarter;
  const bool by_month = month || day;
  if (by_week + by_quarter + by_month + ordinal_day.has_value() > 1)
    return ValueError("ArgumentError.InvalidArgumentValue",
                      "a date is given by month, week, quarter or ordinalDay: one of them");
  if (!year && !base) return Gap("a date", "a year");
  if (by_week) {
    if (!week && !base) return Gap("dayOfWeek", "a week");
    const WeekDate start = base ? WeekDateFromDays(base->days) : WeekDate{0, 1, 1};
    return MakeWeekDate(year.value_or(start.year), week.value_or(start.week), day_of_week.value_or(start.day));
  }
  const CivilDate start = base ? CivilFromDays(base->days) : CivilDate{0, 1, 1};
  if (by_quarter) {
    if (!quarter && !base) return Gap("dayOfQuarter", "a quarter");
    return MakeQuarterDate(year.value_or(start.year), quarter.value_or((start.month + 2) / 3),
                           day_of_quarter.value_or(base ? DayOfQuarter(base->days) : 1));
  }
  if (ordinal_day) return MakeOrdinalDate(year.value_or(start.year), *ordinal_day);
  if (day && !month && !base) return Gap("a day", "a month");
  return MakeDate(year.value_or(start.year), month.value_or(start.month), day.value_or(start.day));
}

// ---- Times ----

// Milli-, micro- and nanoseconds: each counts within the next larger one that is given.
Result<int64_t> BuildFraction(Components& components, int64_t base) {
  TUPU_TRY_ASSIGN(const auto millisecond, components.FindInteger("millisecond"));
  TUPU_TRY_ASSIGN(const auto microsecond, components.FindInteger("microsecond"));
  TUPU_TRY_ASSIGN(const auto nanosecond, components.FindInteger("nanosecond"));
  if (!millisecond && !microsecond && !nanosecond) return base;
  const int64_t max_microsecond = millisecond ? 999 : 999'999;
  const int64_t max_nanosecond = microsecond ? 999 : millisecond ? 999'999 : 999'999'999;
  const auto outside = [](std::optional<int64_t> value, int64_t max) { return value && (*value < 0 || *value > max); };
  if (outside(millisecond, 999) || outside(microsecond, max_microsecond) || outside(nanosecond, max_nanosecond))
    return ValueError("ArgumentError.InvalidArgumentValue", "a fraction of a second is out of its range");
  return millisecond.value_or(0) * 1'000'000 + microsecond.value_or(0) * 1'000 + nanosecond.value_or(0);
}

Result<LocalTime> BuildTime(Components& components, std::optional<LocalTime> base) {
  const int64_t start = base.value_or(LocalTime{}).nanoseconds;
  const int64_t start_seconds = start / kNanosPerSecond;
  TUPU_TRY_ASSIGN(const auto hour, components.FindInteger("hour"));
  TUPU_TRY_ASSIGN(const auto minute, components.FindInteger("minute"));
  TUPU_TRY_ASSIGN(const auto second, components.FindInteger("second"));
  TUPU_TRY_ASSIGN(const int64_t fraction, BuildFraction(components, start % kNanosPerSecond));
  if (!base && minute && !hour) return Gap("a minute", "an hour");
  if (!base && second && !minute) return Gap("a second", "a minute");
  if (!base && fraction != 0 && !second) return Gap("a fraction of a second", "a second");
  return MakeLocalTime(hour.value_or(start_seconds / 3600), minute.value_or(start_seconds / 60 % 60),
                       second.value_or(start_seconds % 60), fraction);
}

// ---- Durations ----

struct DurationComponent {
  std::string_view name;
  long double DurationParts::*part;
  long double factor;
};
constexpr DurationComponent kDurationComponents[] = {{"years", &DurationParts::months, 12},
                                                     {"quarters", &DurationParts::months, 3},
                                                     {"months", &DurationParts::months, 1},
                                                     {"weeks", &DurationParts::days, 7},
                                                     {"days", &DurationParts::days, 1},
                                                     {"hours", &DurationParts::seconds, 3600},
                                                     {"minutes", &DurationParts::seconds, 60},
                                                     {"seconds", &DurationParts::seconds, 1},
                                                     {"milliseconds", &DurationParts::nanoseconds, 1e6L},
                                                     {"microseconds", &DurationParts::nanoseconds, 1e3L},
                                                     {"nanoseconds", &DurationParts::nanoseconds, 1}};

// What is given in small units may be long: its whole seconds are counted as such.
void AddComponent(DurationParts& parts, const DurationComponent& component, long double number) {
  if (component.part != &DurationParts::nanoseconds) {
    parts.*component.part += number * component.factor;
    return;
  }
  const long double per_second = kNanosPerSecond / component.factor;
  const long double seconds = std::trunc(number / per_second);
  parts.seconds += seconds;
  parts.nanoseconds += (number - seconds * per_second) * component.factor;
}

}  // namespace

Result<Date> DateFromMap(const Map& map, const DateTime&) {
  Components components(map);
  Selected selected;
  TUPU_TRY(SelectDate(components, selected));
  TUPU_TRY_ASSIGN(const Date date, BuildDate(components, selected.date));
  TUPU_TRY(components.CheckAllAsked("date"));
  return date;
}

Result<LocalTime> LocalTimeFromMap(const Map& map, const DateTime&) {
  Components components(map);
  Selected selected;
  TUPU_TRY(SelectTime(components, selected));
  TUPU_TRY_ASSIGN(const LocalTime time, BuildTime(components, selected.time));
  TUPU_TRY(components.CheckAllAsked("local time"));
  return time;
}

Result<Time> TimeFromMap(const Map& map, const DateTime& now) {
  Components components(map);
  Selected selected;
  TUPU_TRY(SelectTime(components, selected));
  TUPU_TRY_ASSIGN(const auto zone, FindZone(components));
  TUPU_TRY_ASSIGN(const LocalTime time, BuildTime(components, selected.time));
  TUPU_TRY(components.CheckAllAsked("time"));
  const int32_t own_offset = selected.zone.value_or(Zone{}).offset_seconds;
  if (!zone) return Time{time, own_offset};
  TUPU_TRY_ASSIGN(const DateTime there, AtInstant(now, *zone));
  const int64_t shift = selected.zone ? int64_t{there.offset_seconds} - own_offset : 0;
  return Time{LocalTime{FloorModulo(time.nanoseconds + shift * kNanosPerSecond, kNanosPerDay)}, there.offset_seconds};
}

Result<LocalDateTime> LocalDateTimeFromMap(const Map& map, const DateTime&) {
  Components components(map);
  Selected selected;
  TUPU_TRY(SelectDate(components, selected));
  TUPU_TRY(SelectTime(components, selected));
  TUPU_TRY_ASSIGN(const Date date, BuildDate(components, selected.date));
  TUPU_TRY_ASSIGN(const LocalTime time, BuildTime(components, selected.time));
  TUPU_TRY(components.CheckAllAsked("local date and time"));
  return Combine(date, time);
}

Result<DateTime> DateTimeFromMap(const Map& map, const DateTime&) {
  Components components(map);
  Selected selected;
  TUPU_TRY(SelectDate(components, selected));
  TUPU_TRY(SelectTime(components, selected));
  TUPU_TRY_ASSIGN(const auto zone, FindZone(components));
  TUPU_TRY(SelectInstant(components, zone.value_or(Zone{}), selected));
  TUPU_TRY_ASSIGN(const Date date, BuildDate(components, selected.date));
  TUPU_TRY_ASSIGN(const LocalTime time, BuildTime(components, selected.time));
  TUPU_TRY(components.CheckAllAsked("date and time"));
  const LocalDateTime local = Combine(date, time);
  if (!selected.zone) return AtLocal(local, zone.value_or(Zone{}));
  TUPU_TRY_ASSIGN(DateTime built, AtLocal(local, *selected.zone, selected.zone->offset_seconds));
  if (!zone) return built;
  return AtInstant(built, *zone);
}

Result<Duration> DurationFromMap(const Map& map) {
  Components components(map);
  DurationParts parts;
  for (const DurationComponent& component : kDurationComponents) {
    const Value* value = components.Find(component.name);
    if (value == nullptr) continue;
    if (!value->is_number()) return BadComponent(component.name, "a number", *value);
    const long double number = value->type() == ValueType::kInteger ? static_cast<long double>(value->AsInteger())
                                                                    : static_cast<long double>(value->AsFloat());
    AddComponent(parts, component, number);
  }
  TUPU_TRY(components.CheckAllAsked("duration"));
  return MakeDuration(parts);
}

std::optional<Map> SelectionOf(const Value& value) {
  switch (value.type()) {
    case ValueType::kDate: return Map{{"date", value}};
    case ValueType::kLocalTime:
    case ValueType::kTime: return Map{{"time", value}};
    case ValueType::kLocalDateTime:
    case ValueType::kDateTime: return Map{{"datetime", value}};
    default: return std::nullopt;
  }
}

}  // namespace tupu
