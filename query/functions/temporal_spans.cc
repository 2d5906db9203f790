// date.truncate and its kin; duration.between, inMonths, inDays, inSeconds.

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "query/functions/internal/function_tables.h"
#include "query/functions/internal/temporal_builder.h"
#include "query/value/temporal_arithmetic.h"
#include "query/value/value_error.h"
#include "storage/base/calendar.h"
#include "storage/base/similar.h"

namespace tupu {

namespace {

using namespace function_types;
using Arguments = std::span<const Value>;

/// A temporal value taken apart: what it does not have is absent.
struct Moment {
  std::optional<Date> date;
  std::optional<LocalTime> time;
  std::optional<Zone> zone;  // a named one with the offset it has then

  LocalDateTime Local() const { return Combine(date.value_or(Date{}), time.value_or(LocalTime{})); }
};

std::optional<Moment> TakeApart(const Value& value) {
  switch (value.type()) {
    case ValueType::kDate: return Moment{value.AsDate(), {}, {}};
    case ValueType::kLocalTime: return Moment{{}, value.AsLocalTime(), {}};
    case ValueType::kTime: return Moment{{}, value.AsTime().local, Zone{value.AsTime().offset_seconds, {}}};
    case ValueType::kLocalDateTime: {
      const LocalDateTime& local = value.AsLocalDateTime();
      return Moment{DateOf(local), TimeOf(local), {}};
    }
    case ValueType::kDateTime: {
      const DateTime& time = value.AsDateTime();
      const LocalDateTime local = LocalOf(time);
      return Moment{DateOf(local), TimeOf(local), Zone{time.offset_seconds, time.zone}};
    }
    default: return std::nullopt;
  }
}

// ---- Between two moments ----

/// Both ends on one clock; `has_dates` when they came with dates of their own.
struct Span {
  DateTime from;
  DateTime to;
  bool has_dates;
};

Result<DateTime> AtZone(const Moment& moment, const Zone& zone) {
  return AtLocal(moment.Local(), zone, zone.offset_seconds);
}

// An end without a date takes that of the other, and one without a zone its zone; two zones are one clock, that of the
// first end.
Result<Span> SpanOf(std::string_view function, Arguments arguments) {
  auto from = TakeApart(arguments[0]);
  auto to = TakeApart(arguments[1]);
  if (!from || !to) return WrongArgument(function, "two temporal values", from ? arguments[1] : arguments[0]);
  const bool has_dates = from->date && to->date;
  if (!from->date) from->date = to->date;
  if (!to->date) to->date = from->date;
  const Zone first = from->zone ? *from->zone : to->zone.value_or(Zone{});
  TUPU_TRY_ASSIGN(const DateTime start, AtZone(*from, first));
  TUPU_TRY_ASSIGN(const DateTime end, AtZone(*to, to->zone.value_or(first)));
  TUPU_TRY_ASSIGN(const DateTime end_by_first, AtInstant(end, first));
  return Span{start, end_by_first, has_dates};
}

// Whole months, toward zero: a month is full when its day and time of day are reached, in months of any length.
int64_t WholeMonths(const LocalDateTime& from, const LocalDateTime& to) {
  Date end = DateOf(to);
  const Date start = DateOf(from);
  if (end > start && TimeOf(to) < TimeOf(from)) --end.days;
  if (end < start && TimeOf(to) > TimeOf(from)) ++end.days;
  const auto packed = [](Date date) {
    const CivilDate civil = CivilFromDays(date.days);
    return (civil.year * 12 + civil.month - 1) * 32 + civil.day;
  };
  return (packed(end) - packed(start)) / 32;
}

// Whole days of the wall clock, toward zero.
int64_t WholeDays(const LocalDateTime& from, const LocalDateTime& to) {
  const int64_t days = DateOf(to).days - DateOf(from).days;
  if (days > 0 && TimeOf(to) < TimeOf(from)) return days - 1;
  if (days < 0 && TimeOf(to) > TimeOf(from)) return days + 1;
  return days;
}

enum class Measure : uint8_t { kBetween, kMonths, kDays, kSeconds };

constexpr std::string_view kMeasureNames[] = {"duration.between", "duration.inMonths", "duration.inDays",
                                              "duration.inSeconds"};

// Months and days are those of the wall clock; what is left is the time that passes.
template <Measure kMeasure>
Result<Value> MeasureSpan(Arguments arguments, FunctionContext&) {
  TUPU_TRY_ASSIGN(Span span, SpanOf(kMeasureNames[static_cast<size_t>(kMeasure)], arguments));
  constexpr bool kCountsMonths = kMeasure == Measure::kBetween || kMeasure == Measure::kMonths;
  constexpr bool kCountsDays = kMeasure == Measure::kBetween || kMeasure == Measure::kDays;
  Duration result;
  if (kCountsMonths && span.has_dates) {
    result.months = WholeMonths(LocalOf(span.from), LocalOf(span.to));
    TUPU_TRY_ASSIGN(span.from, Move(span.from, Duration{result.months, 0, 0, 0}));
  }
  if (kCountsDays && span.has_dates) {
    result.days = WholeDays(LocalOf(span.from), LocalOf(span.to));
    TUPU_TRY_ASSIGN(span.from, Move(span.from, Duration{0, result.days, 0, 0}));
  }
  if (kMeasure == Measure::kMonths || kMeasure == Measure::kDays) return Value(result);
  TUPU_TRY_ASSIGN(result, MakeDuration(result.months, result.days, span.to.seconds - span.from.seconds,
                                       static_cast<int64_t>(span.to.nanoseconds) - span.from.nanoseconds));
  return Value(result);
}

// ---- Truncation ----

struct DateUnit {
  std::string_view name;
  Result<Date> (*truncate)(Date date);
};

template <int64_t kYears>
Result<Date> TruncateYears(Date date) {
  const int64_t year = CivilFromDays(date.days).year;
  return MakeDate(year - FloorModulo(year, kYears), 1, 1);
}

constexpr DateUnit kDateUnits[] = {
    {"millennium", TruncateYears<1000>},
    {"century", TruncateYears<100>},
    {"decade", TruncateYears<10>},
    {"year", TruncateYears<1>},
    {"weekYear", [](Date date) { return MakeWeekDate(WeekDateFromDays(date.days).year, 1, 1); }},
    {"quarter",
     [](Date date) {
       const CivilDate civil = CivilFromDays(date.days);
       return MakeDate(civil.year, (civil.month - 1) / 3 * 3 + 1, 1);
     }},
    {"month", [](Date date) { return CheckedDate(date.days - CivilFromDays(date.days).day + 1); }},
    {"week", [](Date date) { return CheckedDate(date.days - DayOfWeek(date.days) + 1); }},
    {"day", [](Date date) { return Result<Date>(date); }},
};

struct TimeUnit {
  std::string_view name;
  int64_t nanoseconds;
};
constexpr TimeUnit kTimeUnits[] = {{"hour", 3600 * kNanosPerSecond},
                                   {"minute", 60 * kNanosPerSecond},
                                   {"second", kNanosPerSecond},
                                   {"millisecond", 1'000'000},
                                   {"microsecond", 1'000}};

Error UnknownUnit(std::string_view function, const Value& unit) {
  Error error = ValueError("ArgumentError.InvalidArgumentValue",
                           fmt::format("{}() does not know the unit {}", function, Describe(unit)));
  std::vector<std::string_view> units;
  for (const DateUnit& known : kDateUnits) units.push_back(known.name);
  for (const TimeUnit& known : kTimeUnits) units.push_back(known.name);
  error.hint = unit.type() == ValueType::kString ? DidYouMean(unit.AsString(), units) : "";
  if (error.hint.empty()) error.hint = fmt::format("Units are {}.", fmt::join(units, ", "));
  return error;
}

Error UnfitUnit(std::string_view function, const Value& unit, std::string_view reason) {
  return ValueError("ArgumentError.InvalidArgumentValue",
                    fmt::format("{}() cannot cut to {}: {}", function, Describe(unit), reason));
}

// Cuts `moment`; what is cut to less than a second still takes the smaller parts that `fields` gives.
Result<Moment> Truncate(std::string_view function, const Value& unit, Moment moment, Map& fields) {
  if (unit.type() != ValueType::kString) return UnknownUnit(function, unit);
  const auto date_unit = std::ranges::find(kDateUnits, unit.AsString(), &DateUnit::name);
  if (date_unit != std::end(kDateUnits)) {
    // A time alone can be cut to its day: to nothing.
    if (!moment.date && date_unit->name != "day") return UnfitUnit(function, unit, "the value has no date");
    if (moment.date) {
      TUPU_TRY_ASSIGN(moment.date, date_unit->truncate(*moment.date));
    }
    moment.time = LocalTime{};
    return moment;
  }
  const auto time_unit = std::ranges::find(kTimeUnits, unit.AsString(), &TimeUnit::name);
  if (time_unit == std::end(kTimeUnits)) return UnknownUnit(function, unit);
  int64_t nanoseconds = moment.time.value_or(LocalTime{}).nanoseconds;
  nanoseconds -= nanoseconds % time_unit->nanoseconds;
  for (const auto& [name, size] : {TimeUnit{"microsecond", 1'000}, TimeUnit{"nanosecond", 1}}) {
    const auto field = fields.find(name);
    const bool below = time_unit->nanoseconds < kNanosPerSecond && size < time_unit->nanoseconds;
    if (!below || field == fields.end() || field->second.type() != ValueType::kInteger) continue;
    const int64_t count = field->second.AsInteger();
    if (count < 0 || count >= time_unit->nanoseconds / size)
      return ValueError("ArgumentError.InvalidArgumentValue", "a fraction of a second is out of its range");
    nanoseconds += count * size;
    fields.erase(field);
  }
  moment.time = LocalTime{nanoseconds};
  return moment;
}

// The map that selects the truncated moment, for the builder of the wanted type.
template <class T>
struct Target;
template <>
struct Target<Date> {
  static constexpr std::string_view kName = "date.truncate";
  static constexpr auto kFromMap = DateFromMap;
};
template <>
struct Target<LocalTime> {
  static constexpr std::string_view kName = "localtime.truncate";
  static constexpr auto kFromMap = LocalTimeFromMap;
};
template <>
struct Target<Time> {
  static constexpr std::string_view kName = "time.truncate";
  static constexpr auto kFromMap = TimeFromMap;
};
template <>
struct Target<LocalDateTime> {
  static constexpr std::string_view kName = "localdatetime.truncate";
  static constexpr auto kFromMap = LocalDateTimeFromMap;
};
template <>
struct Target<DateTime> {
  static constexpr std::string_view kName = "datetime.truncate";
  static constexpr auto kFromMap = DateTimeFromMap;
};

// A zone among the fields replaces the moment's own, it does not move it.
Result<Value> Reassemble(const Moment& moment, bool keeps_zone) {
  if (!moment.date) return keeps_zone ? Value(Time{*moment.time, moment.zone->offset_seconds}) : Value(*moment.time);
  if (!keeps_zone) return Value(moment.Local());
  TUPU_TRY_ASSIGN(DateTime time, AtZone(moment, *moment.zone));
  return Value(std::move(time));
}

// truncate(unit[, value[, fields]]): the value cut to the unit, then fields of it replaced.
template <class T>
Result<Value> TruncateTo(Arguments arguments, FunctionContext& context) {
  constexpr bool kIsDate = std::is_same_v<T, Date>;
  const Value now(context.statement_time);
  const Value& value = arguments.size() > 1 ? arguments[1] : now;
  const auto moment = TakeApart(value);
  if (!moment) return WrongArgument(Target<T>::kName, "a temporal value", value);
  if (arguments.size() > 2 && arguments[2].type() != ValueType::kMap)
    return WrongArgument(Target<T>::kName, "a MAP of components", arguments[2]);
  Map fields = arguments.size() > 2 ? arguments[2].AsMap() : Map{};
  const bool is_time_unit =
      arguments[0].type() == ValueType::kString &&
      std::ranges::find(kTimeUnits, arguments[0].AsString(), &TimeUnit::name) != std::end(kTimeUnits);
  if (kIsDate && is_time_unit) return UnfitUnit(Target<T>::kName, arguments[0], "a date has no time");
  TUPU_TRY_ASSIGN(const Moment cut, Truncate(Target<T>::kName, arguments[0], *moment, fields));
  TUPU_TRY_ASSIGN(Value base, Reassemble(cut, cut.zone && !fields.contains("timezone")));
  const char* selector = kIsDate ? "date" : cut.date ? "datetime" : "time";
  fields.insert_or_assign(selector, std::move(base));
  auto built = Target<T>::kFromMap(fields, context.statement_time);
  if (!built) return std::move(built).error();
  return Value(std::move(built).value());
}

constexpr ParameterTypes kNoCheck[] = {{}};

template <class T, StaticKind kKind>
constexpr Function TruncateFunction() {
  return {.name = Target<T>::kName,
          .min_arguments = 1,
          .max_arguments = 3,
          .parameters = kNoCheck,
          .result_type = Always<kKind>,
          .evaluate = TruncateTo<T>};
}

template <Measure kMeasure>
constexpr Function SpanFunction() {
  return {.name = kMeasureNames[static_cast<size_t>(kMeasure)],
          .min_arguments = 2,
          .max_arguments = 2,
          .result_type = Always<StaticKind::kDuration>,
          .evaluate = MeasureSpan<kMeasure>};
}

constexpr Function kFunctions[] = {
    TruncateFunction<Date, StaticKind::kDate>(),
    TruncateFunction<LocalTime, StaticKind::kLocalTime>(),
    TruncateFunction<Time, StaticKind::kTime>(),
    TruncateFunction<LocalDateTime, StaticKind::kLocalDateTime>(),
    TruncateFunction<DateTime, StaticKind::kDateTime>(),
    SpanFunction<Measure::kBetween>(),
    SpanFunction<Measure::kMonths>(),
    SpanFunction<Measure::kDays>(),
    SpanFunction<Measure::kSeconds>(),
};

}  // namespace

std::span<const Function> TemporalSpanFunctions() {
  return kFunctions;
}

}  // namespace tupu
