#include "query/value/value_type.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace tupu {

namespace {

constexpr int kMaxDepth = 32;  // values may be nested deeper than the stack reaches

constexpr ValueType kOrder[] = {ValueType::kBoolean,  ValueType::kString,        ValueType::kInteger,
                                ValueType::kFloat,    ValueType::kDate,          ValueType::kLocalTime,
                                ValueType::kTime,     ValueType::kLocalDateTime, ValueType::kDateTime,
                                ValueType::kDuration, ValueType::kVertex,        ValueType::kVertexReference,
                                ValueType::kEdge,     ValueType::kEdgeReference, ValueType::kMap,
                                ValueType::kList,     ValueType::kPath,          ValueType::kPathReference};

size_t Rank(ValueType type) {
  return static_cast<size_t>(std::ranges::find(kOrder, type) - std::begin(kOrder));
}

std::string TypeName(const Value& value, int depth);

// What stands between the brackets of LIST<...>.
std::string ElementTypes(const List& list, int depth) {
  if (list.empty()) return "NOTHING";
  if (depth >= kMaxDepth) return "ANY";
  const bool has_null = std::ranges::any_of(list, &Value::is_null);
  std::set<std::pair<size_t, std::string>> types;
  for (const Value& element : list)
    if (!element.is_null()) types.emplace(Rank(element.type()), TypeName(element, depth + 1));
  if (types.empty()) return "NULL";
  std::string text;
  for (const auto& [rank, name] : types)
    text += fmt::format("{}{}{}", text.empty() ? "" : " | ", name, has_null ? "" : " NOT NULL");
  return text;
}

// Without NOT NULL.
std::string TypeName(const Value& value, int depth) {
  if (value.type() != ValueType::kList) return std::string(Name(value.type()));
  return fmt::format("LIST<{}>", ElementTypes(value.AsList(), depth));
}

}  // namespace

std::string NarrowestType(const Value& value) {
  return value.is_null() ? "NULL" : TypeName(value, 0) + " NOT NULL";
}

}  // namespace tupu
