#include "query/functions/internal/temporal_builder.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "query/value/value_error.h"
#include "storage/base/calendar.h"

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
    for (const auto& [name, value] : map_)
      if (std::ranges::find(asked_, name) == asked_.end())
        return ValueError("ArgumentError.InvalidArgumentValue", fmt::format("a {} has no component {}", type, name));
    return {};
  }

 private:
  const Map& map_;
  std::vector<std::string_view> asked_;
};

// ---- Whole values to start from ----

struct Zone {
  int32_t offset_seconds = 0;
  std::string name;  // empty: the offset is all there is
};

struct Selected {
  std::optional<Date> date;
  std::optional<LocalTime> time;
  std::optional<Zone> zone;
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

Result<Zone> ParseZone(const Value& value) {
  if (value.type() != ValueType::kString) return BadComponent("timezone", "a STRING", value);
  const std::string& text = value.AsString();
  // An offset is what may follow a time.
  const bool is_offset = text == "Z" || text == "z" || text.starts_with('+') || text.starts_with('-');
  if (!is_offset)
    return Error{ErrorCode::kUnsupported,
                 fmt::format("the offset of zone {} is not known; give an offset such as '+01:00'", text)};
  TUPU_TRY_ASSIGN(const Time time, ParseTime("00:00" + text));
  return Zone{time.offset_seconds, {}};
}

// The clock moved from one offset to another, round the day.
LocalTime Shift(LocalTime time, int64_t seconds) {
  return LocalTime{FloorModulo(time.nanoseconds + seconds * kNanosPerSecond, kNanosPerDay)};
}

// A zone named in the map moves what has a zone of its own, and is given to what has none.
Status MoveToZone(Components& components, bool is_instant, Selected& selected) {
  const Value* name = components.Find("timezone");
  if (name == nullptr) return {};
  TUPU_TRY_ASSIGN(Zone zone, ParseZone(*name));
  if (selected.zone && selected.time) {
    const int64_t seconds = int64_t{zone.offset_seconds} - selected.zone->offset_seconds;
    if (is_instant) {
      LocalDateTime local = Combine(*selected.date, *selected.time);
      local.seconds += seconds;
      selected.date = DateOf(local);
      selected.time = TimeOf(local);
    } else {
      selected.time = Shift(*selected.time, seconds);
    }
  }
  selected.zone = std::move(zone);
  return {};
}

enum class Parts : uint8_t { kDate = 1, kTime = 2, kZone = 4 };
constexpr bool Has(int parts, Parts part) {
  return (parts & static_cast<int>(part)) != 0;
}
constexpr int kDateOnly = static_cast<int>(Parts::kDate);
constexpr int kTimeOnly = static_cast<int>(Parts::kTime);
constexpr int kZoned = static_cast<int>(Parts::kZone);

Result<Selected> Select(Components& components, int parts) {
  Selected selected;
  const Value* instant = components.Find("datetime");
  if (Has(parts, Parts::kDate)) {
    const Value* date = components.Find("date");
    if (date == nullptr) date = instant;
    if (date != nullptr && !(selected.date = DatePart(*date)))
      return BadComponent("date", "a DATE or a value with a date", *date);
  }
  if (Has(parts, Parts::kTime)) {
    const Value* time = components.Find("time");
    if (time == nullptr) time = instant;
    if (time != nullptr) {
      if (!(selected.time = TimePart(*time))) return BadComponent("time", "a value with a time", *time);
      selected.zone = ZonePart(*time);
    }
  }
  if (Has(parts, Parts::kZone))
    TUPU_TRY(MoveToZone(components, instant != nullptr && selected.date.has_value(), selected));
  return selected;
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

// The offset of a named zone at another moment than the one it came with needs the zone's rules.
Result<DateTime> Zoned(const LocalDateTime& local, const std::optional<Zone>& zone, bool same_moment) {
  if (!zone) return WithOffset(local, 0);
  if (!zone->name.empty() && !same_moment)
    return Error{ErrorCode::kUnsupported,
                 fmt::format("the offset of zone {} at {} is not known; give an offset: timezone: '+01:00'", zone->name,
                             Format(local))};
  DateTime time = WithOffset(local, zone->offset_seconds);
  time.zone = zone->name;
  return time;
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
  TUPU_TRY_ASSIGN(const Selected selected, Select(components, kDateOnly));
  TUPU_TRY_ASSIGN(const Date date, BuildDate(components, selected.date));
  TUPU_TRY(components.CheckAllAsked("date"));
  return date;
}

Result<LocalTime> LocalTimeFromMap(const Map& map, const DateTime&) {
  Components components(map);
  TUPU_TRY_ASSIGN(const Selected selected, Select(components, kTimeOnly));
  TUPU_TRY_ASSIGN(const LocalTime time, BuildTime(components, selected.time));
  TUPU_TRY(components.CheckAllAsked("local time"));
  return time;
}

Result<Time> TimeFromMap(const Map& map, const DateTime&) {
  Components components(map);
  TUPU_TRY_ASSIGN(const Selected selected, Select(components, kTimeOnly | kZoned));
  TUPU_TRY_ASSIGN(const LocalTime time, BuildTime(components, selected.time));
  TUPU_TRY(components.CheckAllAsked("time"));
  return Time{time, selected.zone.value_or(Zone{}).offset_seconds};
}

Result<LocalDateTime> LocalDateTimeFromMap(const Map& map, const DateTime&) {
  Components components(map);
  TUPU_TRY_ASSIGN(const Selected selected, Select(components, kDateOnly | kTimeOnly));
  TUPU_TRY_ASSIGN(const Date date, BuildDate(components, selected.date));
  TUPU_TRY_ASSIGN(const LocalTime time, BuildTime(components, selected.time));
  TUPU_TRY(components.CheckAllAsked("local date and time"));
  return Combine(date, time);
}

Result<DateTime> DateTimeFromMap(const Map& map, const DateTime&) {
  Components components(map);
  const Value* source = components.Find("datetime");
  TUPU_TRY_ASSIGN(const Selected selected, Select(components, kDateOnly | kTimeOnly | kZoned));
  TUPU_TRY_ASSIGN(const Date date, BuildDate(components, selected.date));
  TUPU_TRY_ASSIGN(const LocalTime time, BuildTime(components, selected.time));
  TUPU_TRY(components.CheckAllAsked("date and time"));
  const LocalDateTime local = Combine(date, time);
  const bool same_moment =
      source != nullptr && source->type() == ValueType::kDateTime && LocalOf(source->AsDateTime()) == local;
  return Zoned(local, selected.zone, same_moment);
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
