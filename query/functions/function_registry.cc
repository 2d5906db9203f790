#include "query/functions/function_registry.h"

#include <algorithm>
#include <chrono>
#include <unordered_map>

#include <fmt/format.h>

#include "query/functions/internal/function_tables.h"
#include "query/value/compare.h"
#include "query/value/value_error.h"
#include "storage/base/ascii.h"
#include "storage/base/check.h"
#include "storage/base/similar.h"

namespace tupu {

namespace {

struct Registry {
  std::vector<Function> functions;  // sorted by name in lower case
  std::unordered_map<std::string, const Function*> by_name;
};

/// Second names: GQL's, and those that people type by habit.
struct Alias {
  std::string_view name;
  std::string_view of;
};
constexpr Alias kAliases[] = {{"ceiling", "ceil"},
                              {"character_length", "char_length"},
                              {"collect_list", "collect"},
                              {"duration_between", "duration.between"},
                              {"ln", "log"},
                              {"local_datetime", "localdatetime"},
                              {"local_time", "localtime"},
                              {"lower", "toLower"},
                              {"path_length", "length"},
                              {"percentile_cont", "percentileCont"},
                              {"percentile_disc", "percentileDisc"},
                              {"pow", "power"},
                              {"stdev_pop", "stDevP"},
                              {"stdev_samp", "stDev"},
                              {"upper", "toUpper"},
                              {"zoned_datetime", "datetime"},
                              {"zoned_time", "time"}};

void AddAliases(std::vector<Function>& functions) {
  for (const auto& [name, of] : kAliases) {
    const auto meant = std::ranges::find(functions, of, &Function::name);
    TUPU_CHECK(meant != functions.end());
    Function alias = *meant;
    alias.name = name;
    functions.push_back(alias);
  }
}

Registry BuildRegistry() {
  Registry registry;
  for (const auto table : {EntityFunctions(), ListFunctions(), StringFunctions(), MathFunctions(),
                           ConversionFunctions(), TemporalFunctions(), TemporalSpanFunctions(), AggregateFunctions()})
    registry.functions.insert(registry.functions.end(), table.begin(), table.end());
  AddAliases(registry.functions);
  std::ranges::sort(registry.functions, {}, [](const Function& function) { return ToLowerAscii(function.name); });
  for (const Function& function : registry.functions) {
    const bool is_new = registry.by_name.emplace(ToLowerAscii(function.name), &function).second;
    TUPU_CHECK(is_new);
  }
  return registry;
}

const Registry& TheRegistry() {
  static const Registry registry = BuildRegistry();
  return registry;
}

ParameterTypes ParameterAt(const Function& function, size_t index) {
  if (function.parameters.empty()) return {};
  return function.parameters[std::min(index, function.parameters.size() - 1)];
}

bool KindsMeet(StaticKind a, StaticKind b) {
  const auto is_number = [](StaticKind kind) { return kind == StaticKind::kInteger || kind == StaticKind::kFloat; };
  return a == b || (a == StaticKind::kNumber && is_number(b)) || (b == StaticKind::kNumber && is_number(a));
}

bool IsOpen(StaticKind kind) {
  return kind == StaticKind::kAny || kind == StaticKind::kNull;
}

// Whether some value is of both types.
bool TypesMeet(StaticType a, StaticType b) {
  if (a.list_depth > b.list_depth) std::swap(a, b);
  if (a.list_depth < b.list_depth) return IsOpen(a.kind);  // the unknown may be a list, null may stand for one
  return IsOpen(a.kind) || IsOpen(b.kind) || KindsMeet(a.kind, b.kind);
}

/// Lets every value through once.
class DistinctAggregator : public Aggregator {
 public:
  explicit DistinctAggregator(std::unique_ptr<Aggregator> inner) : inner_(std::move(inner)) {}

  Status Update(std::span<const Value> arguments) override {
    if (arguments.empty() || arguments[0].is_null()) return {};
    const auto [place, is_new] = seen_.try_emplace(arguments[0], order_.size());
    if (!is_new) return {};
    order_.emplace_back(arguments.begin(), arguments.end());
    return {};
  }

  Status Merge(Aggregator& other) override {
    for (const std::vector<Value>& arguments : static_cast<DistinctAggregator&>(other).order_)
      TUPU_TRY(Update(arguments));
    return {};
  }

  // Fed in the order of first sight, so that collect(DISTINCT x) keeps it.
  Result<Value> Finish() override {
    for (const std::vector<Value>& arguments : order_) TUPU_TRY(inner_->Update(arguments));
    return inner_->Finish();
  }

  size_t MemoryBytes() const override {
    constexpr size_t kBytesPerValue = 160;  // two Values, a hash node, a vector and their share of the heap
    return sizeof(*this) + inner_->MemoryBytes() + order_.size() * kBytesPerValue;
  }

 private:
  std::unique_ptr<Aggregator> inner_;
  std::unordered_map<Value, size_t, ValueHash, ValueEquivalence> seen_;
  std::vector<std::vector<Value>> order_;
};

}  // namespace

namespace function_types {

StaticType SameAsFirst(std::span<const StaticType> arguments) {
  return arguments.empty() ? kAny : arguments[0];
}

StaticType ElementOfFirst(std::span<const StaticType> arguments) {
  if (arguments.empty() || arguments[0].list_depth == 0) return kAny;
  const StaticType element{arguments[0].kind, static_cast<uint8_t>(arguments[0].list_depth - 1)};
  return element.kind == StaticKind::kNull ? kAny : element;
}

StaticType ListOfFirst(std::span<const StaticType> arguments) {
  const StaticType element = SameAsFirst(arguments);
  if (element.list_depth == UINT8_MAX || element.kind == StaticKind::kNull) return kAnyList;
  return {element.kind, static_cast<uint8_t>(element.list_depth + 1)};
}

}  // namespace function_types

Error WrongArgument(std::string_view function, std::string_view expected, const Value& argument) {
  return ValueError("TypeError.InvalidArgumentValue",
                    fmt::format("{}() takes {}, not {}", function, expected, Describe(argument)));
}

Status CheckSize(std::string_view function, uint64_t bytes, const FunctionContext& context) {
  if (context.memory_limit_bytes == 0 || bytes <= context.memory_limit_bytes) return {};
  return Error{ErrorCode::kResourceExhausted,
               fmt::format("{}() would make a value of {} bytes; the limit is {}: raise it with --memory", function,
                           bytes, context.memory_limit_bytes)};
}

DateTime CurrentDateTime() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch - seconds);
  return {seconds.count(), static_cast<int32_t>(nanoseconds.count()), 0, {}};
}

const Function* FindFunction(std::string_view name) {
  const auto& by_name = TheRegistry().by_name;
  const auto found = by_name.find(ToLowerAscii(name));
  return found == by_name.end() ? nullptr : found->second;
}

std::span<const Function> AllFunctions() {
  return TheRegistry().functions;
}

std::vector<std::string> SimilarFunctionNames(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Function& function : AllFunctions()) names.push_back(function.name);
  return NearestNames(name, names, 3);
}

bool AcceptsArgument(const Function& function, size_t index, StaticType type) {
  const ParameterTypes accepted = ParameterAt(function, index);
  return accepted.empty() || std::ranges::any_of(accepted, [&](StaticType one) { return TypesMeet(one, type); });
}

std::string DescribeParameter(const Function& function, size_t index) {
  const ParameterTypes accepted = ParameterAt(function, index);
  if (accepted.empty()) return "ANY";
  std::string text;
  for (size_t i = 0; i < accepted.size(); ++i) {
    if (i > 0) text += i + 1 == accepted.size() ? " or " : ", ";
    text += ToString(accepted[i]);
  }
  return text;
}

Result<Value> CallFunction(const Function& function, std::span<const Value> arguments, FunctionContext& context) {
  TUPU_DCHECK(function.evaluate != nullptr && arguments.size() >= function.min_arguments &&
              arguments.size() <= function.max_arguments);
  if (function.null_if_any_null && std::ranges::any_of(arguments, &Value::is_null)) return Value();
  return function.evaluate(arguments, context);
}

std::unique_ptr<Aggregator> MakeAggregator(const Function& function, bool distinct) {
  TUPU_CHECK(function.make_aggregator != nullptr);
  if (!distinct) return function.make_aggregator();
  return std::make_unique<DistinctAggregator>(function.make_aggregator());
}

}  // namespace tupu
