#include "query/functions/internal/temporal_components.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "query/value/value_error.h"
#include "storage/base/calendar.h"
#include "storage/base/similar.h"

namespace tupu {

namespace {

template <class T>
struct Component {
  std::string_view name;
  Value (*get)(const T&);
};

// ---- Dates ----

CivilDate Civil(const Date& date) {
  return CivilFromDays(date.days);
}

constexpr Component<Date> kDateComponents[] = {
    {"year", [](const Date& date) { return Value(Civil(date).year); }},
    {"quarter", [](const Date& date) { return Value((Civil(date).month + 2) / 3); }},
    {"month", [](const Date& date) { return Value(Civil(date).month); }},
    {"week", [](const Date& date) { return Value(WeekDateFromDays(date.days).week); }},
    {"weekYear", [](const Date& date) { return Value(WeekDateFromDays(date.days).year); }},
    {"dayOfQuarter", [](const Date& date) { return Value(DayOfQuarter(date.days)); }},
    {"day", [](const Date& date) { return Value(Civil(date).day); }},
    {"ordinalDay", [](const Date& date) { return Value(DayOfYear(date.days)); }},
    {"dayOfWeek", [](const Date& date) { return Value(DayOfWeek(date.days)); }},
    {"weekDay", [](const Date& date) { return Value(DayOfWeek(date.days)); }},
};

// ---- Times ----

constexpr Component<LocalTime> kTimeComponents[] = {
    {"hour", [](const LocalTime& time) { return Value(time.nanoseconds / (3600 * kNanosPerSecond)); }},
    {"minute", [](const LocalTime& time) { return Value(time.nanoseconds / (60 * kNanosPerSecond) % 60); }},
    {"second", [](const LocalTime& time) { return Value(time.nanoseconds / kNanosPerSecond % 60); }},
    {"millisecond", [](const LocalTime& time) { return Value(time.nanoseconds % kNanosPerSecond / 1'000'000); }},
    {"microsecond", [](const LocalTime& time) { return Value(time.nanoseconds % kNanosPerSecond / 1'000); }},
    {"nanosecond", [](const LocalTime& time) { return Value(time.nanoseconds % kNanosPerSecond); }},
};

// The zone's part of a printed time: "Z", "+01:00".
std::string OffsetText(int32_t offset_seconds) {
  return Format(Time{LocalTime{}, offset_seconds}).substr(5);
}

constexpr Component<Zone> kZoneComponents[] = {
    {"timezone",
     [](const Zone& zone) { return Value(zone.name.empty() ? OffsetText(zone.offset_seconds) : zone.name); }},
    {"offset", [](const Zone& zone) { return Value(OffsetText(zone.offset_seconds)); }},
    {"offsetMinutes", [](const Zone& zone) { return Value(zone.offset_seconds / 60); }},
    {"offsetSeconds", [](const Zone& zone) { return Value(zone.offset_seconds); }},
};

// ---- Durations: a whole in one unit, or what is left of it within the next larger one ----

constexpr Component<Duration> kDurationComponents[] = {
    {"years", [](const Duration& d) { return Value(d.months / 12); }},
    {"quarters", [](const Duration& d) { return Value(d.months / 3); }},
    {"months", [](const Duration& d) { return Value(d.months); }},
    {"weeks", [](const Duration& d) { return Value(d.days / 7); }},
    {"days", [](const Duration& d) { return Value(d.days); }},
    {"hours", [](const Duration& d) { return Value(d.seconds / 3600); }},
    {"minutes", [](const Duration& d) { return Value(d.seconds / 60); }},
    {"seconds", [](const Duration& d) { return Value(d.seconds); }},
    {"quartersOfYear", [](const Duration& d) { return Value(d.months / 3 % 4); }},
    {"monthsOfQuarter", [](const Duration& d) { return Value(d.months % 3); }},
    {"monthsOfYear", [](const Duration& d) { return Value(d.months % 12); }},
    {"daysOfWeek", [](const Duration& d) { return Value(d.days % 7); }},
    {"minutesOfHour", [](const Duration& d) { return Value(d.seconds / 60 % 60); }},
    {"secondsOfMinute", [](const Duration& d) { return Value(d.seconds % 60); }},
    {"millisecondsOfSecond", [](const Duration& d) { return Value(d.nanoseconds / 1'000'000); }},
    {"microsecondsOfSecond", [](const Duration& d) { return Value(d.nanoseconds / 1'000); }},
    {"nanosecondsOfSecond", [](const Duration& d) { return Value(static_cast<int64_t>(d.nanoseconds)); }},
};

// The clock part in a unit below the second may pass 64 bits: such a component is an error, not a wrong number.
struct SmallUnit {
  std::string_view name;
  int64_t per_second;
};
constexpr SmallUnit kSmallUnits[] = {
    {"milliseconds", 1'000}, {"microseconds", 1'000'000}, {"nanoseconds", kNanosPerSecond}};

Result<std::optional<Value>> FindSmallUnit(const Duration& duration, std::string_view name) {
  const auto unit = std::ranges::find(kSmallUnits, name, &SmallUnit::name);
  if (unit == std::end(kSmallUnits)) return std::optional<Value>();
  const __int128 total = static_cast<__int128>(duration.seconds) * unit->per_second +
                         duration.nanoseconds / (kNanosPerSecond / unit->per_second);
  if (total > INT64_MAX || total < INT64_MIN)
    return ValueError("ArithmeticError.NumberOutOfRange",
                      fmt::format("{} of {} do not fit into a 64-bit integer", name, Format(duration)));
  return std::optional<Value>(Value(static_cast<int64_t>(total)));
}

template <class T>
std::optional<Value> Find(std::span<const Component<T>> components, const T& value, std::string_view name) {
  const auto found = std::ranges::find(components, name, &Component<T>::name);
  return found == components.end() ? std::nullopt : std::optional<Value>(found->get(value));
}

std::optional<Value> FindDateOrTime(const LocalDateTime& time, std::string_view name) {
  const std::optional<Value> of_date = Find<Date>(kDateComponents, DateOf(time), name);
  return of_date ? of_date : Find<LocalTime>(kTimeComponents, TimeOf(time), name);
}

std::optional<Value> FindInTime(const Time& time, std::string_view name) {
  const std::optional<Value> of_clock = Find<LocalTime>(kTimeComponents, time.local, name);
  return of_clock ? of_clock : Find<Zone>(kZoneComponents, {time.offset_seconds, {}}, name);
}

// Years run further than 64 bits of milliseconds reach.
Result<Value> EpochMillis(const DateTime& time) {
  const __int128 millis = static_cast<__int128>(time.seconds) * 1000 + time.nanoseconds / 1'000'000;
  if (millis > INT64_MAX || millis < INT64_MIN)
    return ValueError("ArithmeticError.NumberOutOfRange",
                      fmt::format("epochMillis of {} does not fit into a 64-bit integer", Format(time)));
  return Value(static_cast<int64_t>(millis));
}

Result<std::optional<Value>> FindInDateTime(const DateTime& time, std::string_view name) {
  if (auto found = FindDateOrTime(LocalOf(time), name)) return found;
  if (auto found = Find<Zone>(kZoneComponents, {time.offset_seconds, time.zone}, name)) return found;
  if (name == "epochSeconds") return std::optional<Value>(Value(time.seconds));
  if (name != "epochMillis") return std::optional<Value>();
  TUPU_TRY_ASSIGN(Value millis, EpochMillis(time));
  return std::optional<Value>(std::move(millis));
}

// What a misspelt component of the value could have been.
std::vector<std::string_view> ComponentNames(ValueType type) {
  std::vector<std::string_view> names;
  const auto add = [&names](const auto& components) {
    for (const auto& component : components) names.push_back(component.name);
  };
  const bool has_date = type == ValueType::kDate || type == ValueType::kLocalDateTime || type == ValueType::kDateTime;
  if (has_date) add(kDateComponents);
  if (type != ValueType::kDate && type != ValueType::kDuration) add(kTimeComponents);
  if (type == ValueType::kTime || type == ValueType::kDateTime) add(kZoneComponents);
  if (type == ValueType::kDateTime) names.insert(names.end(), {"epochSeconds", "epochMillis"});
  if (type == ValueType::kDuration) {
    add(kDurationComponents);
    add(kSmallUnits);
  }
  return names;
}

Result<std::optional<Value>> FindComponent(const Value& base, std::string_view name) {
  switch (base.type()) {
    case ValueType::kDate: return Find<Date>(kDateComponents, base.AsDate(), name);
    case ValueType::kLocalTime: return Find<LocalTime>(kTimeComponents, base.AsLocalTime(), name);
    case ValueType::kTime: return FindInTime(base.AsTime(), name);
    case ValueType::kLocalDateTime: return FindDateOrTime(base.AsLocalDateTime(), name);
    case ValueType::kDateTime: return FindInDateTime(base.AsDateTime(), name);
    default: {
      TUPU_TRY_ASSIGN(auto small, FindSmallUnit(base.AsDuration(), name));
      return small ? small : Find<Duration>(kDurationComponents, base.AsDuration(), name);
    }
  }
}

}  // namespace

Result<Value> TemporalComponent(const Value& base, std::string_view name) {
  TUPU_TRY_ASSIGN(auto component, FindComponent(base, name));
  if (component) return *std::move(component);
  Error error =
      ValueError("TypeError.InvalidArgumentValue", fmt::format("a {} has no component {}", Name(base.type()), name));
  error.hint = DidYouMean(name, ComponentNames(base.type()));
  return error;
}

}  // namespace tupu
