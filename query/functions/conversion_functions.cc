// toInteger and its kin: a text that is no number gives null, a type that cannot be converted is an error, and with
// OrNull null as well.

#include <charconv>
#include <cmath>

#include "query/functions/internal/function_tables.h"
#include "query/value/arithmetic.h"
#include "storage/base/ascii.h"

namespace tupu {

namespace {

using namespace function_types;
using Arguments = std::span<const Value>;

/// The converted value (null for a text that says nothing), or nothing when the type cannot be converted.
using Conversion = std::optional<Value> (*)(const Value&);

// from_chars takes no plus sign, and takes "inf" and "nan", which only their openCypher spelling may mean.
std::optional<double> ReadFloat(std::string_view text) {
  text = TrimBlanks(text);
  if (text == "NaN") return std::nan("");
  if (text == "Infinity") return HUGE_VAL;
  if (text == "-Infinity") return -HUGE_VAL;
  const bool has_sign = text.starts_with('+') || text.starts_with('-');
  const std::string_view unsigned_part = has_sign ? text.substr(1) : text;
  if (text.starts_with('+')) text.remove_prefix(1);
  if (unsigned_part.empty() || unsigned_part.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
    return std::nullopt;
  if (unsigned_part.front() == '+' || unsigned_part.front() == '-') return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
  // Out of range: the parsed value is not set; the text is too large for a float, or too small.
  if (error == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);
  return number;
}

Value WholePart(double number) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (!(number >= -kTwoTo63 && number < kTwoTo63)) return Value();
  return Value(static_cast<int64_t>(number));
}

Value ReadInteger(std::string_view text) {
  text = TrimBlanks(text);
  std::string_view digits = text;
  if (digits.starts_with('+') && digits.size() > 1 && digits[1] != '-') digits.remove_prefix(1);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc() && end == digits.data() + digits.size()) return Value(number);
  const auto real = ReadFloat(text);  // '1.7' is 1
  return real && error != std::errc::result_out_of_range ? WholePart(*real) : Value();
}

std::optional<Value> ConvertToInteger(const Value& value) {
  switch (value.type()) {
    case ValueType::kInteger: return value;
    case ValueType::kFloat: return WholePart(value.AsFloat());
    case ValueType::kBoolean: return Value(value.AsBoolean() ? 1 : 0);
    case ValueType::kString: return ReadInteger(value.AsString());
    default: return std::nullopt;
  }
}

std::optional<Value> ConvertToFloat(const Value& value) {
  switch (value.type()) {
    case ValueType::kInteger:
    case ValueType::kFloat: return Value(value.ToDouble());
    case ValueType::kString: {
      const auto number = ReadFloat(value.AsString());
      return number ? Value(*number) : Value();
    }
    default: return std::nullopt;
  }
}

std::optional<Value> ConvertToBoolean(const Value& value) {
  if (value.type() == ValueType::kBoolean) return value;
  if (value.type() != ValueType::kString) return std::nullopt;
  const std::string text = ToLowerAscii(TrimBlanks(value.AsString()));
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  return Value();
}

std::optional<Value> ConvertToString(const Value& value) {
  switch (value.type()) {
    case ValueType::kString: return value;
    case ValueType::kFloat: return Value(FormatFloat(value.AsFloat()));
    case ValueType::kInteger:
    case ValueType::kBoolean:
    case ValueType::kDate:
    case ValueType::kLocalTime:
    case ValueType::kTime:
    case ValueType::kLocalDateTime:
    case ValueType::kDateTime:
    case ValueType::kDuration: return Value(value.ToString());
    default: return std::nullopt;
  }
}

struct Target {
  std::string_view name;
  std::string_view takes;
  Conversion convert;
};
constexpr Target kToInteger{"toInteger", "a number, a BOOLEAN or a STRING", ConvertToInteger};
constexpr Target kToFloat{"toFloat", "a number or a STRING", ConvertToFloat};
constexpr Target kToBoolean{"toBoolean", "a BOOLEAN or a STRING", ConvertToBoolean};
constexpr Target kToString{"toString", "a number, a BOOLEAN, a STRING or a temporal value", ConvertToString};

template <const Target& kTarget>
Result<Value> Convert(Arguments arguments, FunctionContext&) {
  auto converted = kTarget.convert(arguments[0]);
  if (!converted) return WrongArgument(kTarget.name, kTarget.takes, arguments[0]);
  return *std::move(converted);
}

template <const Target& kTarget>
Result<Value> ConvertOrNull(Arguments arguments, FunctionContext&) {
  return kTarget.convert(arguments[0]).value_or(Value());
}

// toIntegerList ...: what cannot be converted becomes null.
template <const Target& kTarget>
Result<Value> ConvertList(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() != ValueType::kList) return WrongArgument(kTarget.name, "a LIST", arguments[0]);
  List converted;
  converted.reserve(arguments[0].AsList().size());
  for (const Value& element : arguments[0].AsList()) converted.push_back(kTarget.convert(element).value_or(Value()));
  return Value(std::move(converted));
}

constexpr ParameterTypes kList1[] = {kListTypes};

template <const Target& kTarget, StaticKind kKind>
constexpr Function One(std::string_view name) {
  return {
      .name = name, .min_arguments = 1, .max_arguments = 1, .result_type = Always<kKind>, .evaluate = Convert<kTarget>};
}

template <const Target& kTarget, StaticKind kKind>
constexpr Function OrNull(std::string_view name) {
  return {.name = name,
          .min_arguments = 1,
          .max_arguments = 1,
          .result_type = Always<kKind>,
          .evaluate = ConvertOrNull<kTarget>};
}

template <const Target& kTarget, StaticKind kKind>
constexpr Function OfList(std::string_view name) {
  return {.name = name,
          .min_arguments = 1,
          .max_arguments = 1,
          .parameters = kList1,
          .result_type = Always<kKind, 1>,
          .evaluate = ConvertList<kTarget>};
}

constexpr Function kFunctions[] = {
    One<kToInteger, StaticKind::kInteger>("toInteger"),
    OrNull<kToInteger, StaticKind::kInteger>("toIntegerOrNull"),
    OfList<kToInteger, StaticKind::kInteger>("toIntegerList"),
    One<kToFloat, StaticKind::kFloat>("toFloat"),
    OrNull<kToFloat, StaticKind::kFloat>("toFloatOrNull"),
    OfList<kToFloat, StaticKind::kFloat>("toFloatList"),
    One<kToBoolean, StaticKind::kBoolean>("toBoolean"),
    OrNull<kToBoolean, StaticKind::kBoolean>("toBooleanOrNull"),
    OfList<kToBoolean, StaticKind::kBoolean>("toBooleanList"),
    One<kToString, StaticKind::kString>("toString"),
    OrNull<kToString, StaticKind::kString>("toStringOrNull"),
    OfList<kToString, StaticKind::kString>("toStringList"),
};

}  // namespace

std::span<const Function> ConversionFunctions() {
  return kFunctions;
}

}  // namespace tupu
