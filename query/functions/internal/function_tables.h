#pragma once

// What the files of query/functions share: their tables, the vocabulary of types, and how arguments are refused.

#include <span>
#include <string_view>

#include "query/functions/function_registry.h"

namespace tupu {

std::span<const Function> EntityFunctions();
std::span<const Function> ListFunctions();
std::span<const Function> StringFunctions();
std::span<const Function> MathFunctions();
std::span<const Function> ConversionFunctions();
std::span<const Function> TemporalFunctions();
std::span<const Function> TemporalSpanFunctions();
std::span<const Function> AggregateFunctions();

namespace function_types {

inline constexpr StaticType kAny{StaticKind::kAny};
inline constexpr StaticType kBoolean{StaticKind::kBoolean};
inline constexpr StaticType kInteger{StaticKind::kInteger};
inline constexpr StaticType kFloat{StaticKind::kFloat};
inline constexpr StaticType kNumber{StaticKind::kNumber};
inline constexpr StaticType kString{StaticKind::kString};
inline constexpr StaticType kMap{StaticKind::kMap};
inline constexpr StaticType kNode{StaticKind::kNode};
inline constexpr StaticType kRelationship{StaticKind::kRelationship};
inline constexpr StaticType kPath{StaticKind::kPath};
inline constexpr StaticType kAnyList{StaticKind::kAny, 1};
inline constexpr StaticType kStringList{StaticKind::kString, 1};

/// `Takes<kNode, kRelationship>`: the set, as a parameter holds it.
template <StaticKind... kKinds>
inline constexpr StaticType kTypesOf[] = {StaticType{kKinds}...};
inline constexpr StaticType kListTypes[] = {kAnyList};

/// A result of one type, whatever the arguments are.
template <StaticKind kKind, uint8_t kDepth = 0>
StaticType Always(std::span<const StaticType>) {
  return StaticType{kKind, kDepth};
}
/// The first argument's type; its element's; a list of it.
StaticType SameAsFirst(std::span<const StaticType> arguments);
StaticType ElementOfFirst(std::span<const StaticType> arguments);
StaticType ListOfFirst(std::span<const StaticType> arguments);

}  // namespace function_types

/// "toInteger() takes a STRING or a number, not LIST": TypeError.InvalidArgumentValue.
Error WrongArgument(std::string_view function, std::string_view expected, const Value& argument);
/// kResourceExhausted when a value of `bytes` passes the context's limit.
Status CheckSize(std::string_view function, uint64_t bytes, const FunctionContext& context);

}  // namespace tupu
