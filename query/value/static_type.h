#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tupu/value.h>

namespace tupu {

/// What is known of a value before the query runs. kAny: nothing. A list of lists of integers is {kInteger, 2}.
enum class StaticKind : uint8_t {
  kAny,
  kNull,  // the literal null: fits everywhere
  kBoolean,
  kInteger,
  kFloat,
  kNumber,  // integer or float
  kString,
  kMap,
  kNode,
  kRelationship,
  kPath,
  kDate,
  kLocalTime,
  kTime,
  kLocalDateTime,
  kDateTime,
  kDuration,
};

struct StaticType {
  StaticKind kind = StaticKind::kAny;
  uint8_t list_depth = 0;
  bool IsList() const noexcept { return list_depth > 0; }
  bool IsEntity() const noexcept {
    return list_depth == 0 && (kind == StaticKind::kNode || kind == StaticKind::kRelationship);
  }
  friend bool operator==(StaticType, StaticType) = default;
};

/// As a message names it: "NODE", "LIST OF INTEGER".
std::string ToString(StaticType type);

/// The static type of a constant. Of a list: the type that all elements share, else a list of anything.
StaticType StaticTypeOf(const Value& value);

/// The narrowest type that holds both: null adds nothing, INTEGER and FLOAT make NUMBER, else ANY.
StaticType CommonType(StaticType a, StaticType b);

/// Of an element of a list; ANY when `list` is not known to be one.
StaticType ElementType(StaticType list);
StaticType ListOf(StaticType element);

/// False only where a value of type `type` is surely none of `wanted`; ANY and NULL may be everything.
bool MayBe(StaticType type, StaticType wanted);

/// "INTEGER?", "LIST OF STRING", "NODE" ... as procedures declare them; ANY for what it does not know.
StaticType ParseStaticType(std::string_view name);

}  // namespace tupu
