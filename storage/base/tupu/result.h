#pragma once

#include <cassert>
#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

#include <tupu/error.h>

#pragma GCC visibility push(default)

namespace tupu {

/// A value or the Error that prevented it; observers are named as in std::expected<T, Error>.
template <class T = void>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  template <class U = T>
  requires(std::convertible_to<U&&, T> && !std::same_as<std::remove_cvref_t<U>, Result> &&
           !std::same_as<std::remove_cvref_t<U>, Error>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// Requires: has_value().
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Requires: !has_value().
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  template <class U>
  T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::in_place, std::move(error)) {}

  bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const { assert(has_value()); }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace tupu

#pragma GCC visibility pop

#define TUPU_CONCAT_INNER(a, b) a##b
#define TUPU_CONCAT(a, b) TUPU_CONCAT_INNER(a, b)

/// Returns the error of `expression` from the enclosing function, if it has one.
#define TUPU_TRY(expression)                                       \
  do {                                                             \
    if (auto tupu_status = (expression); !tupu_status.has_value()) \
      return ::tupu::Error(std::move(tupu_status).error());        \
  } while (false)

#define TUPU_TRY_ASSIGN_INNER(result, declaration, expression)              \
  auto result = (expression);                                               \
  if (!result.has_value()) return ::tupu::Error(std::move(result).error()); \
  declaration = std::move(result).value()

/// `TUPU_TRY_ASSIGN(const Ast ast, Parse(text));` declares or assigns the value, or returns the error.
#define TUPU_TRY_ASSIGN(declaration, expression) \
  TUPU_TRY_ASSIGN_INNER(TUPU_CONCAT(tupu_result_, __LINE__), declaration, expression)
