#include "query/functions/function_catalog.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "query/functions/internal/function_tables.h"

namespace tupu {

namespace {

bool Has(std::span<const Function> table, std::string_view name) {
  return std::any_of(table.begin(), table.end(), [&](const Function& each) { return each.name == name; });
}

std::string ArgumentName(const Function& function, size_t index) {
  return function.max_arguments == 1 ? "argument" : fmt::format("argument{}", index + 1);
}

}  // namespace

std::string_view CategoryOf(const Function& function) {
  struct Category {
    std::string_view name;
    std::span<const Function> (*table)();
  };
  constexpr std::array kCategories = {Category{"String", StringFunctions}, Category{"List", ListFunctions},
                                      Category{"Numeric", MathFunctions}, Category{"Temporal", TemporalFunctions},
                                      Category{"Temporal", TemporalSpanFunctions}};
  if (function.aggregate) return "Aggregating";
  for (const Category& category : kCategories)
    if (Has(category.table(), function.name)) return category.name;
  return "Scalar";
}

std::string ResultTypeOf(const Function& function) {
  if (function.result_type == nullptr) return "ANY";
  const std::vector<StaticType> unknown(std::max<size_t>(function.min_arguments, 1));
  return ToString(function.result_type(unknown));
}

std::string SignatureOf(const Function& function) {
  std::string text = fmt::format("{}(", function.name);
  const bool any_number = function.max_arguments == Function::kAnyNumber;
  const size_t shown = any_number ? function.min_arguments + 1u : function.max_arguments;
  for (size_t i = 0; i < shown; ++i) {
    if (i == function.min_arguments) text += '[';
    text += fmt::format("{}{} :: {}", i > 0 ? ", " : "", ArgumentName(function, i), DescribeParameter(function, i));
  }
  if (any_number) text += " ...";
  if (shown > function.min_arguments) text += ']';
  return fmt::format("{}) :: {}", text, ResultTypeOf(function));
}

std::string DescriptionOf(const Function& function) {
  const std::string takes = function.max_arguments == 0 ? "nothing" : fmt::format("{}", DescribeParameter(function, 0));
  std::string text = function.aggregate ? fmt::format("Aggregates {} over the rows of a group", takes)
                                        : fmt::format("Takes {}", takes);
  text += fmt::format(", gives {}.", ResultTypeOf(function));
  if (!function.aggregate && function.null_if_any_null && function.max_arguments > 0) text += " Null of null.";
  if (!function.deterministic) text += " Each call may give another value.";
  return text;
}

}  // namespace tupu
