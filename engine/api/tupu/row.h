#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <tupu/value.h>

#pragma GCC visibility push(default)

namespace tupu {

namespace internal {
Error WrongRowType(const Value& value, std::string_view wanted);
Error WrongRowWidth(size_t wanted, size_t columns);
}  // namespace internal

/// A Value as a C++ type: bool, int64_t, double, std::string, Date, Vertex, Edge, Path, List, Map, Value, and std::optional and
/// std::vector of these. An INTEGER is taken as a double, nothing else is converted.
/// Errors: kInvalidArgument that names both types; null fits std::optional and Value alone.
template <class T>
struct ValueTo;

#define TUPU_VALUE_TO(Cpp, kind, accessor, wanted)                                       \
  template <>                                                                            \
  struct ValueTo<Cpp> {                                                                  \
    static Result<Cpp> Convert(const Value& value) {                                     \
      if (value.type() != ValueType::kind) return internal::WrongRowType(value, wanted); \
      return Cpp(value.accessor());                                                      \
    }                                                                                    \
  };
TUPU_VALUE_TO(bool, kBoolean, AsBoolean, "BOOLEAN")
TUPU_VALUE_TO(int64_t, kInteger, AsInteger, "INTEGER")
TUPU_VALUE_TO(std::string, kString, AsString, "STRING")
TUPU_VALUE_TO(Date, kDate, AsDate, "DATE")
TUPU_VALUE_TO(Vertex, kVertex, AsVertex, "NODE")
TUPU_VALUE_TO(Edge, kEdge, AsEdge, "RELATIONSHIP")
TUPU_VALUE_TO(Path, kPath, AsPath, "PATH")
TUPU_VALUE_TO(List, kList, AsList, "LIST")
TUPU_VALUE_TO(Map, kMap, AsMap, "MAP")
#undef TUPU_VALUE_TO

template <>
struct ValueTo<double> {
  static Result<double> Convert(const Value& value) {
    if (!value.is_number()) return internal::WrongRowType(value, "FLOAT");
    return value.ToDouble();
  }
};

template <>
struct ValueTo<Value> {
  static Result<Value> Convert(const Value& value) { return value; }
};

template <class T>
struct ValueTo<std::optional<T>> {
  static Result<std::optional<T>> Convert(const Value& value) {
    if (value.is_null()) return std::optional<T>();
    TUPU_TRY_ASSIGN(T converted, ValueTo<T>::Convert(value));
    return std::optional<T>(std::move(converted));
  }
};

template <class T>
requires(!std::same_as<T, Value>) struct ValueTo<std::vector<T>> {
  static Result<std::vector<T>> Convert(const Value& value) {
    if (value.type() != ValueType::kList) return internal::WrongRowType(value, "LIST");
    std::vector<T> converted;
    converted.reserve(value.AsList().size());
    for (const Value& element : value.AsList()) {
      TUPU_TRY_ASSIGN(T item, ValueTo<T>::Convert(element));
      converted.push_back(std::move(item));
    }
    return converted;
  }
};

/// One row of an answer, in the order of its columns.
using Row = std::vector<Value>;

/// A row as a tuple: `RowTo<std::string, int64_t>(row)`. Errors: kInvalidArgument for a wrong width or type.
template <class... Ts>
Result<std::tuple<Ts...>> RowTo(const Row& row) {
  if (row.size() != sizeof...(Ts)) return internal::WrongRowWidth(sizeof...(Ts), row.size());
  std::optional<Error> failure;
  size_t column = 0;
  const auto convert = [&]<class T>() -> std::optional<T> {
    Result<T> converted = ValueTo<T>::Convert(row[column++]);
    if (converted.has_value()) return std::move(converted).value();
    if (!failure) failure = converted.error();
    return std::nullopt;
  };
  // Braces: columns are converted from left to right.
  std::tuple<std::optional<Ts>...> parts{convert.template operator()<Ts>()...};
  if (failure) return *failure;
  return std::apply([](auto&&... part) { return std::tuple<Ts...>(std::move(*part)...); }, std::move(parts));
}

}  // namespace tupu

#pragma GCC visibility pop
