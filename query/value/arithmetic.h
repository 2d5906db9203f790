#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

// Operators of openCypher on values. Null in, null out.
// Errors: kInvalidArgument with the condition in brackets below, else "TypeError.InvalidArgumentType".

/// Numbers (integers overflow with "ArithmeticError.NumberOutOfRange"); strings and lists are joined; an element is
/// appended or prepended to a list; a string takes a number; durations add up; a date or time moves by a duration.
Result<Value> Add(const Value& a, const Value& b);
Result<Value> Subtract(const Value& a, const Value& b);
Result<Value> Multiply(const Value& a, const Value& b);
/// Integers truncate; an integer divided by zero is an error ("ArithmeticError.DivisionByZero").
Result<Value> Divide(const Value& a, const Value& b);
/// The sign is that of `a`.
Result<Value> Modulo(const Value& a, const Value& b);
/// Always a FLOAT.
Result<Value> Power(const Value& a, const Value& b);
Result<Value> Negate(const Value& a);
/// Unary plus: numbers and durations only.
Result<Value> Plus(const Value& a);

// Tests of text: null unless both are strings.
Value StartsWith(const Value& text, const Value& prefix);
Value EndsWith(const Value& text, const Value& suffix);
Value Contains(const Value& text, const Value& part);
/// text =~ pattern: the whole text, by RE2 (linear time). Null unless both are strings.
/// Errors: "ArgumentError.InvalidRegex" for a pattern RE2 does not take. Compiled patterns are kept per thread.
Result<Value> MatchesRegex(const Value& text, const Value& pattern);

/// list[from..to], either end absent; negative ends count from the end of the list; a null end gives null.
Result<Value> Slice(const Value& list, const std::optional<Value>& from, const std::optional<Value>& to);

/// What AND, OR, XOR, NOT and WHERE take: a boolean or null ("TypeError.InvalidArgumentType" else).
Result<std::optional<bool>> ToTernary(const Value& value);

/// As openCypher prints a number: 1.0, 1.0E10, NaN, Infinity.
std::string FormatFloat(double value);

}  // namespace tupu
