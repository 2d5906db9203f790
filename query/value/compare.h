#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <tupu/value.h>

namespace tupu {

// The three comparisons of openCypher (CIP2016-06-14). They differ on purpose:
//   equality        `=`, `<` ...: three-valued, null and NaN equal nothing, across types unknown or false
//   orderability    ORDER BY, min, max: a total order over all values, null last, NaN after all numbers
//   equivalence     DISTINCT, grouping: as equality, but null is null and NaN is NaN
// Entities compare by identity; a reference equals the full entity of the same id.

/// true, false, or nothing for unknown (the value null).
using Ternary = std::optional<bool>;

Value FromTernary(Ternary truth);

Ternary Not(Ternary a);
Ternary And(Ternary a, Ternary b);
Ternary Or(Ternary a, Ternary b);
Ternary Xor(Ternary a, Ternary b);

/// a = b. 1 = 1.0 is true; values of different types are unequal; a null inside a list or map makes it unknown unless
/// something else already decides.
Ternary Equals(const Value& a, const Value& b);

/// a < b and a <= b: numbers, strings (by code point), booleans, temporal values of one type and lists of such; unknown
/// for everything else, for null and for durations; false with NaN.
Ternary Less(const Value& a, const Value& b);
Ternary LessOrEqual(const Value& a, const Value& b);

/// Negative, zero or positive, as ORDER BY sorts ascending:
/// map < node < relationship < list < path < datetime < localdatetime < date < time < localtime < duration < string <
/// boolean < number < NaN < null. Zero exactly when Equivalent.
int Order(const Value& a, const Value& b);

/// One group, one DISTINCT row.
bool Equivalent(const Value& a, const Value& b);
/// Equivalent values have equal hashes.
size_t HashOf(const Value& value);

/// element IN list, list a list or null: unknown when only a null could have matched.
Ternary In(const Value& element, const List& list);

/// For containers keyed by equivalence.
struct ValueEquivalence {
  bool operator()(const Value& a, const Value& b) const { return Equivalent(a, b); }
};
struct ValueHash {
  size_t operator()(const Value& value) const { return HashOf(value); }
};

}  // namespace tupu
