#pragma once

#include <cstdint>
#include <vector>

namespace tupu {

/// The types that `IS ::` names.
enum class TypeKind : uint8_t {
  kNothing,  // no value at all
  kNull,
  kBoolean,
  kString,
  kInteger,
  kFloat,
  kDate,
  kLocalTime,
  kZonedTime,
  kLocalDateTime,
  kZonedDateTime,
  kDuration,
  kNode,
  kRelationship,
  kPath,
  kMap,
  kList,
  kPropertyValue,  // what a property can hold
  kAny,
};

struct TypeAlternative;

/// INTEGER | LIST<STRING NOT NULL>: a value is of the union when it is of one of its alternatives.
using TypeUnion = std::vector<TypeAlternative>;

/// One type. Null is a value of each, unless it says NOT NULL.
struct TypeAlternative {
  TypeKind kind{};
  bool not_null = false;
  TypeUnion element;  // kList only: of each element
};

/// The normal forms of Unicode (Standard Annex 15).
enum class NormalForm : uint8_t { kNfc, kNfd, kNfkc, kNfkd };

}  // namespace tupu
