// date(), time(), localtime(), datetime(), localdatetime(), duration(): from nothing (now), a text, another temporal
// value, or a map of components.

#include <fmt/format.h>

#include "query/functions/internal/function_tables.h"
#include "query/functions/internal/temporal_builder.h"
#include "query/value/value_error.h"
#include "storage/base/calendar.h"

namespace tupu {

namespace {

using namespace function_types;
using Arguments = std::span<const Value>;

// ---- How each type is made; the table below runs over these five ----

template <class T>
struct Maker;

template <>
struct Maker<Date> {
  static constexpr std::string_view kTakes = "a STRING, a MAP or a value with a date";
  static constexpr std::string_view kNeeded = "date";
  static constexpr std::string_view kName = "date";
  static constexpr auto kParse = ParseDate;
  static constexpr auto kFromMap = DateFromMap;
  static Date At(const DateTime& instant) { return DateOf(LocalOf(instant)); }
};
template <>
struct Maker<LocalTime> {
  static constexpr std::string_view kTakes = "a STRING, a MAP or a value with a time";
  static constexpr std::string_view kNeeded = "time";
  static constexpr std::string_view kName = "localtime";
  static constexpr auto kParse = ParseLocalTime;
  static constexpr auto kFromMap = LocalTimeFromMap;
  static LocalTime At(const DateTime& instant) { return TimeOf(LocalOf(instant)); }
};
template <>
struct Maker<Time> {
  static constexpr std::string_view kTakes = "a STRING, a MAP or a value with a time";
  static constexpr std::string_view kNeeded = "time";
  static constexpr std::string_view kName = "time";
  static constexpr auto kParse = ParseTime;
  static constexpr auto kFromMap = TimeFromMap;
  static Time At(const DateTime& instant) { return {TimeOf(LocalOf(instant)), instant.offset_seconds}; }
};
template <>
struct Maker<LocalDateTime> {
  static constexpr std::string_view kTakes = "a STRING, a MAP or a value with a date";
  static constexpr std::string_view kNeeded = "date";
  static constexpr std::string_view kName = "localdatetime";
  static constexpr auto kParse = ParseLocalDateTime;
  static constexpr auto kFromMap = LocalDateTimeFromMap;
  static LocalDateTime At(const DateTime& instant) { return LocalOf(instant); }
};
template <>
struct Maker<DateTime> {
  static constexpr std::string_view kTakes = "a STRING, a MAP or a value with a date";
  static constexpr std::string_view kNeeded = "date";
  static constexpr std::string_view kName = "datetime";
  static constexpr auto kParse = ParseDateTime;
  static constexpr auto kFromMap = DateTimeFromMap;
  static DateTime At(const DateTime& instant) { return instant; }
};

Error WithCondition(Error error) {
  if (error.condition.empty()) error.condition = "ArgumentError.InvalidArgumentValue";
  return error;
}

template <class T>
Result<Value> Lift(Result<T> result) {
  if (!result) return WithCondition(std::move(result).error());
  return Value(std::move(result).value());
}

template <class T>
Result<Value> MakeTemporal(Arguments arguments, FunctionContext& context) {
  if (arguments.empty()) return Value(Maker<T>::At(context.statement_time));
  const Value& argument = arguments[0];
  if (argument.type() == ValueType::kString) return Lift(Maker<T>::kParse(argument.AsString()));
  if (argument.type() == ValueType::kMap) return Lift(Maker<T>::kFromMap(argument.AsMap(), context.statement_time));
  // Another temporal value is the map that selects it: date(x) is date({date: x}) and so on.
  const auto selection = SelectionOf(argument);
  if (selection && (selection->contains("datetime") || selection->contains(Maker<T>::kNeeded)))
    return Lift(Maker<T>::kFromMap(*selection, context.statement_time));
  return WrongArgument(Maker<T>::kName, Maker<T>::kTakes, argument);
}

// The three clocks; a zone may be named, as in date.statement('+08:00').
template <class T, bool kRealTime>
Result<Value> ReadClock(Arguments arguments, FunctionContext& context) {
  const DateTime now = kRealTime ? CurrentDateTime() : context.statement_time;
  if (arguments.empty()) return Value(Maker<T>::At(now));
  const Result<DateTime> there = DateTimeFromMap(Map{{"datetime", now}, {"timezone", arguments[0]}}, now);
  if (!there) return WithCondition(there.error());
  return Value(Maker<T>::At(*there));
}

Result<Value> MakeDurationValue(Arguments arguments, FunctionContext&) {
  switch (arguments[0].type()) {
    case ValueType::kString: return Lift(ParseDuration(arguments[0].AsString()));
    case ValueType::kMap: return Lift(DurationFromMap(arguments[0].AsMap()));
    case ValueType::kDuration: return arguments[0];
    default: return WrongArgument("duration", "a STRING or a MAP", arguments[0]);
  }
}

Result<Value> Timestamp(Arguments, FunctionContext& context) {
  return Value(context.statement_time.seconds * 1000 + context.statement_time.nanoseconds / 1'000'000);
}

// datetime.fromepoch(seconds, nanoseconds) and datetime.fromepochmillis(milliseconds), in UTC.
Result<Value> FromEpoch(Arguments arguments, FunctionContext&) {
  for (const Value& argument : arguments)
    if (argument.type() != ValueType::kInteger) return WrongArgument("datetime.fromepoch", "INTEGERs", argument);
  int64_t seconds = 0;
  if (__builtin_add_overflow(arguments[0].AsInteger(), FloorDivide(arguments[1].AsInteger(), kNanosPerSecond),
                             &seconds))
    return ValueError("ArgumentError.NumberOutOfRange", "the instant lies outside the calendar");
  TUPU_TRY(CheckedDate(FloorDivide(seconds, kSecondsPerDay)));
  return Value(DateTime{seconds, static_cast<int32_t>(FloorModulo(arguments[1].AsInteger(), kNanosPerSecond)), 0, {}});
}

Result<Value> FromEpochMillis(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() != ValueType::kInteger)
    return WrongArgument("datetime.fromepochmillis", "an INTEGER", arguments[0]);
  const int64_t milliseconds = arguments[0].AsInteger();
  return Value(DateTime{
      FloorDivide(milliseconds, 1000), static_cast<int32_t>(FloorModulo(milliseconds, 1000) * 1'000'000), 0, {}});
}

template <StaticKind kKind>
constexpr Function OfOptionalArgument(std::string_view name, Result<Value> (*evaluate)(Arguments, FunctionContext&),
                                      bool deterministic = true) {
  return {.name = name,
          .max_arguments = 1,
          .deterministic = deterministic,
          .result_type = Always<kKind>,
          .evaluate = evaluate};
}

// name(x) and the three clocks: a statement is its own transaction here, so two of them agree.
#define TUPU_TEMPORAL_TYPE(name, type, kind)                                 \
  OfOptionalArgument<kind>(name, MakeTemporal<type>),                        \
      OfOptionalArgument<kind>(name ".transaction", ReadClock<type, false>), \
      OfOptionalArgument<kind>(name ".statement", ReadClock<type, false>),   \
      OfOptionalArgument<kind>(name ".realtime", ReadClock<type, true>, false)

// clang-format off
constexpr Function kFunctions[] = {
  TUPU_TEMPORAL_TYPE("date", Date, StaticKind::kDate),
  TUPU_TEMPORAL_TYPE("localtime", LocalTime, StaticKind::kLocalTime),
  TUPU_TEMPORAL_TYPE("time", Time, StaticKind::kTime),
  TUPU_TEMPORAL_TYPE("localdatetime", LocalDateTime, StaticKind::kLocalDateTime),
  TUPU_TEMPORAL_TYPE("datetime", DateTime, StaticKind::kDateTime),
  {.name = "duration", .min_arguments = 1, .max_arguments = 1,
   .result_type = Always<StaticKind::kDuration>, .evaluate = MakeDurationValue},
  {.name = "timestamp", .result_type = Always<StaticKind::kInteger>, .evaluate = Timestamp},
  {.name = "datetime.fromepoch", .min_arguments = 2, .max_arguments = 2,
   .result_type = Always<StaticKind::kDateTime>, .evaluate = FromEpoch},
  {.name = "datetime.fromepochmillis", .min_arguments = 1, .max_arguments = 1,
   .result_type = Always<StaticKind::kDateTime>, .evaluate = FromEpochMillis},
};
// clang-format on
#undef TUPU_TEMPORAL_TYPE

}  // namespace

std::span<const Function> TemporalFunctions() {
  return kFunctions;
}

}  // namespace tupu
