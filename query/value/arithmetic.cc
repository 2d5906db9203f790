#include "query/value/arithmetic.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <unordered_map>

#include <fmt/format.h>
#include <re2/re2.h>

#include "query/value/temporal_arithmetic.h"
#include "query/value/value_error.h"

namespace tupu {

namespace {

Error Mismatch(std::string_view operation, const Value& a, const Value& b) {
  return ValueError("TypeError.InvalidArgumentType",
                    fmt::format("cannot {} {} and {}", operation, Describe(a), Describe(b)));
}

Error Overflow(std::string_view sign, int64_t a, int64_t b) {
  return ValueError("ArithmeticError.NumberOutOfRange",
                    fmt::format("{} {} {} does not fit into a 64-bit integer; use a float", a, sign, b));
}

Error DividedByZero(int64_t a, std::string_view sign) {
  return ValueError("ArithmeticError.DivisionByZero",
                    fmt::format("{} {} 0: an integer cannot be divided by zero", a, sign));
}

bool BothIntegers(const Value& a, const Value& b) {
  return a.type() == ValueType::kInteger && b.type() == ValueType::kInteger;
}

bool BothNumbers(const Value& a, const Value& b) {
  return a.is_number() && b.is_number();
}

template <class T>
Result<Value> Lift(Result<T> result) {
  if (!result) return std::move(result).error();
  return Value(std::move(result).value());
}

// ---- Adding ----

// A string takes a number or a temporal value in its printed form.
std::optional<std::string> AsPartOfText(const Value& value) {
  switch (value.type()) {
    case ValueType::kString: return value.AsString();
    case ValueType::kInteger: return std::to_string(value.AsInteger());
    case ValueType::kFloat: return FormatFloat(value.AsFloat());
    case ValueType::kBoolean: return value.AsBoolean() ? "true" : "false";
    case ValueType::kDate:
    case ValueType::kLocalTime:
    case ValueType::kTime:
    case ValueType::kLocalDateTime:
    case ValueType::kDateTime:
    case ValueType::kDuration: return value.ToString();
    default: return std::nullopt;
  }
}

Value JoinLists(const Value& a, const Value& b) {
  List joined;
  const auto append = [&](const Value& value) {
    if (value.type() == ValueType::kList) {
      joined.insert(joined.end(), value.AsList().begin(), value.AsList().end());
    } else {
      joined.push_back(value);
    }
  };
  joined.reserve((a.type() == ValueType::kList ? a.AsList().size() : 1) +
                 (b.type() == ValueType::kList ? b.AsList().size() : 1));
  append(a);
  append(b);
  return Value(std::move(joined));
}

Result<Value> MoveBy(const Value& moment, const Duration& by, const Error& mismatch) {
  switch (moment.type()) {
    case ValueType::kDate: return Lift(Move(moment.AsDate(), by));
    case ValueType::kLocalTime: return Value(Move(moment.AsLocalTime(), by));
    case ValueType::kTime: return Value(Move(moment.AsTime(), by));
    case ValueType::kLocalDateTime: return Lift(Move(moment.AsLocalDateTime(), by));
    case ValueType::kDateTime: return Lift(Move(moment.AsDateTime(), by));
    case ValueType::kDuration: return Lift(AddDurations(moment.AsDuration(), by));
    default: return mismatch;
  }
}

// ---- Regular expressions ----

Error NotAPattern(std::string_view pattern, std::string_view reason) {
  Error error =
      ValueError("ArgumentError.InvalidRegex", fmt::format("'{}' is not a regular expression: {}", pattern, reason));
  error.hint =
      "Patterns are RE2's, which match in linear time: without look-ahead, look-behind, back-references (\\1) and "
      "possessive quantifiers (a++); groups are named (?P<name>...), classes [[:alpha:]] or \\p{Han}.";
  return error;
}

// Patterns seen by this thread. A query has a handful of them; one that builds patterns from data starts over.
class PatternCache {
 public:
  Result<const RE2*> Find(const std::string& pattern) {
    if (const auto found = compiled_.find(pattern); found != compiled_.end()) return found->second.get();
    // Java's intersection of classes, which RE2 would read as characters and match something else.
    if (pattern.find("&&[") != std::string::npos) return NotAPattern(pattern, "classes cannot be intersected by &&");
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxBytes);
    auto compiled = std::make_unique<const RE2>(pattern, options);
    if (!compiled->ok()) return NotAPattern(pattern, compiled->error());
    if (compiled_.size() == kMaxPatterns) compiled_.clear();
    return compiled_.emplace(pattern, std::move(compiled)).first->second.get();
  }

 private:
  static constexpr size_t kMaxPatterns = 16;
  static constexpr int64_t kMaxBytes = 8 << 20;
  std::unordered_map<std::string, std::unique_ptr<const RE2>> compiled_;
};

bool BothStrings(const Value& a, const Value& b) {
  return a.type() == ValueType::kString && b.type() == ValueType::kString;
}

// Where a slice's end lies in a list of `size`: counted from the end when negative, cut to the list.
size_t SliceEnd(int64_t end, size_t size) {
  const auto length = static_cast<int64_t>(size);
  if (end < 0) end = end < -length ? 0 : end + length;
  return static_cast<size_t>(std::min(end, length));
}

}  // namespace

std::string Describe(const Value& value) {
  constexpr size_t kShown = 40;
  if (value.is_null()) return "null";
  // A list may be long: its type says enough.
  if (value.type() == ValueType::kList || value.type() == ValueType::kMap) return std::string(Name(value.type()));
  if (value.type() == ValueType::kString && value.AsString().size() > kShown)
    return fmt::format("{} of {} bytes", Name(value.type()), value.AsString().size());
  return fmt::format("{} {}", Name(value.type()), value.ToString());
}

Result<Value> Add(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (BothIntegers(a, b)) {
    int64_t sum = 0;
    if (__builtin_add_overflow(a.AsInteger(), b.AsInteger(), &sum)) return Overflow("+", a.AsInteger(), b.AsInteger());
    return Value(sum);
  }
  if (BothNumbers(a, b)) return Value(a.ToDouble() + b.ToDouble());
  if (a.type() == ValueType::kList || b.type() == ValueType::kList) return JoinLists(a, b);
  if (a.type() == ValueType::kString || b.type() == ValueType::kString) {
    const auto left = AsPartOfText(a);
    const auto right = AsPartOfText(b);
    if (!left || !right) return Mismatch("add", a, b);
    return Value(*left + *right);
  }
  if (b.type() == ValueType::kDuration) return MoveBy(a, b.AsDuration(), Mismatch("add", a, b));
  if (a.type() == ValueType::kDuration) return MoveBy(b, a.AsDuration(), Mismatch("add", a, b));
  return Mismatch("add", a, b);
}

Result<Value> Subtract(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (BothIntegers(a, b)) {
    int64_t difference = 0;
    if (__builtin_sub_overflow(a.AsInteger(), b.AsInteger(), &difference))
      return Overflow("-", a.AsInteger(), b.AsInteger());
    return Value(difference);
  }
  if (BothNumbers(a, b)) return Value(a.ToDouble() - b.ToDouble());
  if (b.type() != ValueType::kDuration) return Mismatch("subtract", a, b);
  TUPU_TRY_ASSIGN(const Duration back, NegateDuration(b.AsDuration()));
  return MoveBy(a, back, Mismatch("subtract", a, b));
}

Result<Value> Multiply(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (BothIntegers(a, b)) {
    int64_t product = 0;
    if (__builtin_mul_overflow(a.AsInteger(), b.AsInteger(), &product))
      return Overflow("*", a.AsInteger(), b.AsInteger());
    return Value(product);
  }
  if (BothNumbers(a, b)) return Value(a.ToDouble() * b.ToDouble());
  if (a.type() == ValueType::kDuration && b.is_number()) return Lift(ScaleDuration(a.AsDuration(), b.ToDouble()));
  if (b.type() == ValueType::kDuration && a.is_number()) return Lift(ScaleDuration(b.AsDuration(), a.ToDouble()));
  return Mismatch("multiply", a, b);
}

Result<Value> Divide(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (BothIntegers(a, b)) {
    if (b.AsInteger() == 0) return DividedByZero(a.AsInteger(), "/");
    if (a.AsInteger() == INT64_MIN && b.AsInteger() == -1) return Overflow("/", a.AsInteger(), b.AsInteger());
    return Value(a.AsInteger() / b.AsInteger());
  }
  if (BothNumbers(a, b)) return Value(a.ToDouble() / b.ToDouble());
  if (a.type() == ValueType::kDuration && b.is_number())
    return Lift(ScaleDuration(a.AsDuration(), 1.0L / static_cast<long double>(b.ToDouble())));
  return Mismatch("divide", a, b);
}

Result<Value> Modulo(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (BothIntegers(a, b)) {
    if (b.AsInteger() == 0) return DividedByZero(a.AsInteger(), "%");
    if (b.AsInteger() == -1) return Value(0);  // INT64_MIN % -1 traps
    return Value(a.AsInteger() % b.AsInteger());
  }
  if (BothNumbers(a, b)) return Value(std::fmod(a.ToDouble(), b.ToDouble()));
  return Mismatch("take the remainder of", a, b);
}

Result<Value> Power(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (BothNumbers(a, b)) return Value(std::pow(a.ToDouble(), b.ToDouble()));
  return Mismatch("raise to a power", a, b);
}

Result<Value> Negate(const Value& a) {
  switch (a.type()) {
    case ValueType::kNull: return Value();
    case ValueType::kInteger:
      if (a.AsInteger() == INT64_MIN)
        return ValueError("ArithmeticError.NumberOutOfRange",
                          fmt::format("the negative of {} does not fit into a 64-bit integer; use a float", INT64_MIN));
      return Value(-a.AsInteger());
    case ValueType::kFloat: return Value(-a.AsFloat());
    case ValueType::kDuration: return Lift(NegateDuration(a.AsDuration()));
    default: return ValueError("TypeError.InvalidArgumentType", fmt::format("{} has no negative", Describe(a)));
  }
}

Result<Value> Plus(const Value& a) {
  if (a.is_null() || a.is_number() || a.type() == ValueType::kDuration) return a;
  return ValueError("TypeError.InvalidArgumentType", fmt::format("{} cannot take a plus sign", Describe(a)));
}

Value StartsWith(const Value& text, const Value& prefix) {
  return BothStrings(text, prefix) ? Value(text.AsString().starts_with(prefix.AsString())) : Value();
}

Value EndsWith(const Value& text, const Value& suffix) {
  return BothStrings(text, suffix) ? Value(text.AsString().ends_with(suffix.AsString())) : Value();
}

Value Contains(const Value& text, const Value& part) {
  return BothStrings(text, part) ? Value(text.AsString().find(part.AsString()) != std::string::npos) : Value();
}

Result<Value> MatchesRegex(const Value& text, const Value& pattern) {
  if (!BothStrings(text, pattern)) return Value();
  thread_local PatternCache patterns;
  TUPU_TRY_ASSIGN(const RE2* compiled, patterns.Find(pattern.AsString()));
  return Value(RE2::FullMatch(text.AsString(), *compiled));
}

Result<Value> Slice(const Value& list, const std::optional<Value>& from, const std::optional<Value>& to) {
  if (list.is_null() || (from && from->is_null()) || (to && to->is_null())) return Value();
  if (list.type() != ValueType::kList)
    return ValueError("TypeError.InvalidArgumentType", fmt::format("a slice is of a list, not of {}", Describe(list)));
  for (const auto* end : {&from, &to})
    if (*end && (*end)->type() != ValueType::kInteger)
      return ValueError("TypeError.InvalidArgumentType",
                        fmt::format("a slice's ends are integers, not {}", Describe(**end)));
  const List& elements = list.AsList();
  const size_t begin = from ? SliceEnd(from->AsInteger(), elements.size()) : 0;
  const size_t end = to ? SliceEnd(to->AsInteger(), elements.size()) : elements.size();
  if (begin >= end) return Value(List{});
  if (begin == 0 && end == elements.size()) return list;
  return Value(
      List(elements.begin() + static_cast<std::ptrdiff_t>(begin), elements.begin() + static_cast<std::ptrdiff_t>(end)));
}

Result<std::optional<bool>> ToTernary(const Value& value) {
  if (value.is_null()) return std::optional<bool>();
  if (value.type() == ValueType::kBoolean) return std::optional<bool>(value.AsBoolean());
  return ValueError("TypeError.InvalidArgumentType", fmt::format("{} is neither true nor false", Describe(value)));
}

// Shortest digits that read back as the same number; plain from 1E-3 up to 1E7, else with an exponent.
std::string FormatFloat(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  const double size = std::fabs(value);
  const bool plain = value == 0 || (size >= 1e-3 && size < 1e7);
  char buffer[40];
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, format).ptr;
  std::string text(buffer, end);
  if (plain) return text.find('.') == std::string::npos ? text + ".0" : text;
  // to_chars writes 1e+10: openCypher's way is 1.0E10.
  const size_t exponent = text.find('e');
  std::string digits = text.substr(0, exponent);
  if (digits.find('.') == std::string::npos) digits += ".0";
  return fmt::format("{}E{}", digits, std::stoi(text.substr(exponent + 1)));
}

}  // namespace tupu
