// Functions of numbers, random ones included.

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "query/functions/internal/function_tables.h"
#include "query/value/arithmetic.h"
#include "query/value/value_error.h"

namespace tupu {

namespace {

using namespace function_types;
using Arguments = std::span<const Value>;

Status RequireNumbers(std::string_view function, Arguments arguments) {
  for (const Value& argument : arguments)
    if (!argument.is_number()) return WrongArgument(function, "a number", argument);
  return {};
}

/// A function of one real number, by its name and how it is computed.
struct RealEntry {
  std::string_view name;
  double (*compute)(double);
};
constexpr RealEntry kRealFunctions[] = {
    {"acos", [](double x) { return std::acos(x); }},
    {"asin", [](double x) { return std::asin(x); }},
    {"atan", [](double x) { return std::atan(x); }},
    {"ceil", [](double x) { return std::ceil(x); }},
    {"cos", [](double x) { return std::cos(x); }},
    {"cosh", [](double x) { return std::cosh(x); }},
    {"cot", [](double x) { return 1.0 / std::tan(x); }},
    {"coth", [](double x) { return 1.0 / std::tanh(x); }},
    {"degrees", [](double x) { return x * 180.0 / std::numbers::pi; }},
    {"exp", [](double x) { return std::exp(x); }},
    {"floor", [](double x) { return std::floor(x); }},
    {"haversin", [](double x) { return (1.0 - std::cos(x)) / 2.0; }},
    {"log", [](double x) { return std::log(x); }},
    {"log10", [](double x) { return std::log10(x); }},
    {"radians", [](double x) { return x * std::numbers::pi / 180.0; }},
    {"sin", [](double x) { return std::sin(x); }},
    {"sinh", [](double x) { return std::sinh(x); }},
    {"sqrt", [](double x) { return std::sqrt(x); }},
    {"tan", [](double x) { return std::tan(x); }},
    {"tanh", [](double x) { return std::tanh(x); }},
};

template <size_t kIndex>
Result<Value> Real(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireNumbers(kRealFunctions[kIndex].name, arguments));
  return Value(kRealFunctions[kIndex].compute(arguments[0].ToDouble()));
}

// As the operator ^: a FLOAT always.
Result<Value> PowerOf(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireNumbers("power", arguments));
  return Power(arguments[0], arguments[1]);
}

Result<Value> Atan2(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireNumbers("atan2", arguments));
  return Value(std::atan2(arguments[0].ToDouble(), arguments[1].ToDouble()));
}

Result<Value> Abs(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireNumbers("abs", arguments));
  if (arguments[0].type() == ValueType::kFloat) return Value(std::fabs(arguments[0].AsFloat()));
  return arguments[0].AsInteger() < 0 ? Negate(arguments[0]) : Result<Value>(arguments[0]);
}

Result<Value> SignOf(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireNumbers("sign", arguments));
  const double number = arguments[0].ToDouble();
  return Value((number > 0) - (number < 0));
}

Result<Value> IsNan(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireNumbers("isNaN", arguments));
  return Value(std::isnan(arguments[0].ToDouble()));
}

// ---- Rounding ----

enum class RoundingMode : uint8_t { kUp, kDown, kCeiling, kFloor, kHalfUp, kHalfDown, kHalfEven };

constexpr std::pair<std::string_view, RoundingMode> kRoundingModes[] = {{"UP", RoundingMode::kUp},
                                                                        {"DOWN", RoundingMode::kDown},
                                                                        {"CEILING", RoundingMode::kCeiling},
                                                                        {"FLOOR", RoundingMode::kFloor},
                                                                        {"HALF_UP", RoundingMode::kHalfUp},
                                                                        {"HALF_DOWN", RoundingMode::kHalfDown},
                                                                        {"HALF_EVEN", RoundingMode::kHalfEven}};

Result<RoundingMode> FindRoundingMode(const Value& name) {
  if (name.type() == ValueType::kString)
    for (const auto& [known, mode] : kRoundingModes)
      if (known == name.AsString()) return mode;
  return WrongArgument("round", "a mode: UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN or HALF_EVEN", name);
}

long double RoundWhole(long double value, RoundingMode mode) {
  const long double down = std::trunc(value);
  const long double fraction = std::fabs(value - down);
  const long double up = fraction == 0 ? down : down + std::copysign(1.0L, value);
  switch (mode) {
    case RoundingMode::kUp: return up;
    case RoundingMode::kDown: return down;
    case RoundingMode::kCeiling: return std::ceil(value);
    case RoundingMode::kFloor: return std::floor(value);
    case RoundingMode::kHalfUp: return fraction >= 0.5L ? up : down;
    case RoundingMode::kHalfDown: return fraction > 0.5L ? up : down;
    case RoundingMode::kHalfEven:
      return fraction > 0.5L || (fraction == 0.5L && std::fmod(down, 2.0L) != 0) ? up : down;
  }
  return value;
}

// round(x): ties toward positive infinity, as Cypher's users expect of round(-1.5) = -1.0.
// round(x, precision[, mode]): ties away from zero unless a mode is named.
Result<Value> Round(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireNumbers("round", arguments.first(std::min<size_t>(arguments.size(), 2))));
  const double value = arguments[0].ToDouble();
  if (!std::isfinite(value)) return Value(value);
  // Not floor(value + 0.5): the sum would round 0.49999999999999994 up.
  if (arguments.size() == 1) {
    const double floor = std::floor(value);
    return Value(value - floor >= 0.5 ? floor + 1 : floor);
  }
  if (arguments[1].type() != ValueType::kInteger) return WrongArgument("round", "an INTEGER precision", arguments[1]);
  RoundingMode mode = RoundingMode::kHalfUp;
  if (arguments.size() > 2) {
    TUPU_TRY_ASSIGN(mode, FindRoundingMode(arguments[2]));
  }
  const int64_t precision = arguments[1].AsInteger();
  constexpr int64_t kMaxDigits = 308;
  if (precision > kMaxDigits) return Value(value);
  if (precision < -kMaxDigits) return Value(0.0);
  // Through the shortest decimal text: 1.005 is meant as it is written, not as its binary neighbour.
  const long double decimal = std::strtold(fmt::format("{}", value).c_str(), nullptr);
  const long double scale = std::pow(10.0L, static_cast<long double>(precision));
  return Value(static_cast<double>(RoundWhole(decimal * scale, mode) / scale));
}

// ---- Constants and chance ----

Result<Value> Pi(Arguments, FunctionContext&) {
  return Value(std::numbers::pi);
}
Result<Value> Euler(Arguments, FunctionContext&) {
  return Value(std::numbers::e);
}

Result<Value> Rand(Arguments, FunctionContext& context) {
  // 53 random bits: every result below 1 (generate_canonical may round up to 1 in some libraries).
  return Value(static_cast<double>(context.random() >> 11) * 0x1.0p-53);
}

// RFC 4122, version 4.
Result<Value> RandomUuid(Arguments, FunctionContext& context) {
  const uint64_t high = (context.random() & ~uint64_t{0xF000}) | 0x4000;
  const uint64_t low = (context.random() & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62);
  return Value(fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF,
                           low >> 48, low & 0xFFFF'FFFF'FFFF));
}

constexpr ParameterTypes kNumbers[] = {kTypesOf<StaticKind::kNumber>};
constexpr ParameterTypes kRoundParameters[] = {kTypesOf<StaticKind::kNumber>, kTypesOf<StaticKind::kInteger>,
                                               kTypesOf<StaticKind::kString>};

// clang-format off
constexpr Function kOtherFunctions[] = {
  {.name = "atan2", .min_arguments = 2, .max_arguments = 2, .parameters = kNumbers,
   .result_type = Always<StaticKind::kFloat>, .evaluate = Atan2},
  {.name = "power", .min_arguments = 2, .max_arguments = 2, .parameters = kNumbers,
   .result_type = Always<StaticKind::kFloat>, .evaluate = PowerOf},
  {.name = "abs", .min_arguments = 1, .max_arguments = 1, .parameters = kNumbers,
   .result_type = SameAsFirst, .evaluate = Abs},
  {.name = "sign", .min_arguments = 1, .max_arguments = 1, .parameters = kNumbers,
   .result_type = Always<StaticKind::kInteger>, .evaluate = SignOf},
  {.name = "isNaN", .min_arguments = 1, .max_arguments = 1, .parameters = kNumbers,
   .result_type = Always<StaticKind::kBoolean>, .evaluate = IsNan},
  {.name = "round", .min_arguments = 1, .max_arguments = 3, .parameters = kRoundParameters,
   .result_type = Always<StaticKind::kFloat>, .evaluate = Round},
  {.name = "pi", .result_type = Always<StaticKind::kFloat>, .evaluate = Pi},
  {.name = "e", .result_type = Always<StaticKind::kFloat>, .evaluate = Euler},
  {.name = "rand", .deterministic = false, .result_type = Always<StaticKind::kFloat>, .evaluate = Rand},
  {.name = "randomUUID", .deterministic = false, .result_type = Always<StaticKind::kString>, .evaluate = RandomUuid},
};
// clang-format on

template <size_t... kIndexes>
constexpr auto WithRealFunctions(std::index_sequence<kIndexes...>) {
  std::array<Function, sizeof...(kIndexes) + std::size(kOtherFunctions)> all{
      Function{.name = kRealFunctions[kIndexes].name,
               .min_arguments = 1,
               .max_arguments = 1,
               .parameters = kNumbers,
               .result_type = Always<StaticKind::kFloat>,
               .evaluate = Real<kIndexes>}...};
  std::ranges::copy(kOtherFunctions, all.begin() + sizeof...(kIndexes));
  return all;
}
constexpr auto kFunctions = WithRealFunctions(std::make_index_sequence<std::size(kRealFunctions)>());

}  // namespace

std::span<const Function> MathFunctions() {
  return kFunctions;
}

}  // namespace tupu
