// Functions of lists, and of anything at all: coalesce, size, range ...

#include <algorithm>

#include <fmt/format.h>

#include "query/functions/internal/function_tables.h"
#include "query/value/compare.h"
#include "query/value/value_error.h"
#include "query/value/value_type.h"
#include "storage/base/utf8.h"

namespace tupu {

namespace {

using namespace function_types;
using Arguments = std::span<const Value>;

Result<Value> Coalesce(Arguments arguments, FunctionContext&) {
  const auto found = std::ranges::find_if(arguments, [](const Value& value) { return !value.is_null(); });
  return found == arguments.end() ? Value() : *found;
}

StaticType CoalesceType(std::span<const StaticType> arguments) {
  StaticType type{StaticKind::kNull};
  for (const StaticType argument : arguments) {
    if (argument == StaticType{StaticKind::kNull}) continue;
    if (type == StaticType{StaticKind::kNull}) type = argument;
    if (type != argument) return kAny;
  }
  return type.kind == StaticKind::kNull ? kAny : type;
}

Result<Value> NullIf(Arguments arguments, FunctionContext&) {
  return Equals(arguments[0], arguments[1]) == Ternary(true) ? Value() : arguments[0];
}

Result<Value> Exists(Arguments arguments, FunctionContext&) {
  return Value(!arguments[0].is_null());
}

Result<Value> Size(Arguments arguments, FunctionContext&) {
  switch (arguments[0].type()) {
    case ValueType::kList: return Value(static_cast<int64_t>(arguments[0].AsList().size()));
    case ValueType::kString: return Value(static_cast<int64_t>(CountCodePoints(arguments[0].AsString())));
    case ValueType::kMap: return Value(static_cast<int64_t>(arguments[0].AsMap().size()));
    default: return WrongArgument("size", "a LIST or a STRING", arguments[0]);
  }
}

Result<Value> IsEmpty(Arguments arguments, FunctionContext&) {
  switch (arguments[0].type()) {
    case ValueType::kList: return Value(arguments[0].AsList().empty());
    case ValueType::kString: return Value(arguments[0].AsString().empty());
    case ValueType::kMap: return Value(arguments[0].AsMap().empty());
    default: return WrongArgument("isEmpty", "a LIST, a MAP or a STRING", arguments[0]);
  }
}

Result<Value> Head(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() != ValueType::kList) return WrongArgument("head", "a LIST", arguments[0]);
  const List& list = arguments[0].AsList();
  return list.empty() ? Value() : list.front();
}

Result<Value> Last(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() != ValueType::kList) return WrongArgument("last", "a LIST", arguments[0]);
  const List& list = arguments[0].AsList();
  return list.empty() ? Value() : list.back();
}

Result<Value> Tail(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() != ValueType::kList) return WrongArgument("tail", "a LIST", arguments[0]);
  const List& list = arguments[0].AsList();
  return Value(list.empty() ? List{} : List(list.begin() + 1, list.end()));
}

Result<Value> Reverse(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() == ValueType::kList) {
    const List& list = arguments[0].AsList();
    return Value(List(list.rbegin(), list.rend()));
  }
  if (arguments[0].type() != ValueType::kString) return WrongArgument("reverse", "a LIST or a STRING", arguments[0]);
  const std::u32string characters = DecodeCodePoints(arguments[0].AsString());
  std::string reversed;
  reversed.reserve(arguments[0].AsString().size());
  for (auto character = characters.rbegin(); character != characters.rend(); ++character)
    AppendUtf8(reversed, *character);
  return Value(std::move(reversed));
}

// range(start, end[, step]), both ends included.
Result<Value> Range(Arguments arguments, FunctionContext& context) {
  for (const Value& argument : arguments)
    if (argument.type() != ValueType::kInteger)
      return ValueError("ArgumentError.InvalidArgumentType",
                        fmt::format("range() takes integers, not {}", Describe(argument)));
  const int64_t start = arguments[0].AsInteger();
  const int64_t end = arguments[1].AsInteger();
  const int64_t step = arguments.size() > 2 ? arguments[2].AsInteger() : 1;
  if (step == 0) return ValueError("ArgumentError.NumberOutOfRange", "range() cannot take steps of 0");
  List numbers;
  if (step > 0 ? start > end : start < end) return Value(std::move(numbers));
  // Unsigned, since the distance between two 64-bit numbers needs 64 bits itself.
  const uint64_t distance = step > 0 ? static_cast<uint64_t>(end) - static_cast<uint64_t>(start)
                                     : static_cast<uint64_t>(start) - static_cast<uint64_t>(end);
  const uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : uint64_t{0} - static_cast<uint64_t>(step);
  const uint64_t more = distance / stride;
  constexpr uint64_t kMaxElements = 100'000'000;
  if (more >= kMaxElements)
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("range() would make a list of {} elements; the limit is {}", more, kMaxElements)};
  TUPU_TRY(CheckSize("range", (more + 1) * sizeof(Value), context));
  numbers.reserve(more + 1);
  for (uint64_t i = 0; i <= more; ++i)
    numbers.emplace_back(static_cast<int64_t>(static_cast<uint64_t>(start) + i * static_cast<uint64_t>(step)));
  return Value(std::move(numbers));
}

Result<Value> ValueTypeOf(Arguments arguments, FunctionContext&) {
  return Value(NarrowestType(arguments[0]));
}

constexpr ParameterTypes kList1[] = {kListTypes};
constexpr StaticType kSizedTypes[] = {kAnyList, kString, kMap};
constexpr StaticType kListOrStringTypes[] = {kAnyList, kString};
constexpr ParameterTypes kSized1[] = {kSizedTypes};
constexpr ParameterTypes kListOrString1[] = {kListOrStringTypes};

// clang-format off
constexpr Function kFunctions[] = {
  {.name = "coalesce", .min_arguments = 1, .max_arguments = Function::kAnyNumber, .null_if_any_null = false,
   .result_type = CoalesceType, .evaluate = Coalesce},
  {.name = "nullIf", .min_arguments = 2, .max_arguments = 2, .null_if_any_null = false,
   .result_type = SameAsFirst, .evaluate = NullIf},
  {.name = "exists", .min_arguments = 1, .max_arguments = 1, .null_if_any_null = false,
   .result_type = Always<StaticKind::kBoolean>, .evaluate = Exists},
  {.name = "size", .min_arguments = 1, .max_arguments = 1, .parameters = kSized1,
   .result_type = Always<StaticKind::kInteger>, .evaluate = Size},
  {.name = "isEmpty", .min_arguments = 1, .max_arguments = 1, .parameters = kSized1,
   .result_type = Always<StaticKind::kBoolean>, .evaluate = IsEmpty},
  {.name = "head", .min_arguments = 1, .max_arguments = 1, .parameters = kList1,
   .result_type = ElementOfFirst, .evaluate = Head},
  {.name = "last", .min_arguments = 1, .max_arguments = 1, .parameters = kList1,
   .result_type = ElementOfFirst, .evaluate = Last},
  {.name = "tail", .min_arguments = 1, .max_arguments = 1, .parameters = kList1,
   .result_type = SameAsFirst, .evaluate = Tail},
  {.name = "reverse", .min_arguments = 1, .max_arguments = 1, .parameters = kListOrString1,
   .result_type = SameAsFirst, .evaluate = Reverse},
  {.name = "range", .min_arguments = 2, .max_arguments = 3,
   .result_type = Always<StaticKind::kInteger, 1>, .evaluate = Range},
  {.name = "valueType", .min_arguments = 1, .max_arguments = 1, .null_if_any_null = false,
   .result_type = Always<StaticKind::kString>, .evaluate = ValueTypeOf},
};
// clang-format on

}  // namespace

std::span<const Function> ListFunctions() {
  return kFunctions;
}

}  // namespace tupu
