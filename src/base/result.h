#pragma once

#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace pawl {

// A value, or the error (or asl::Failure) that took its place. The member names are those of
// std::expected, which clang 14 with libstdc++ 12 does not have.
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return CHECK(has_value()), std::get<0>(state_); }
  const T& value() const& { return CHECK(has_value()), std::get<0>(state_); }
  T&& value() && { return CHECK(has_value()), std::get<0>(std::move(state_)); }
  E& error() & { return CHECK(!has_value()), std::get<1>(state_); }
  const E& error() const& { return CHECK(!has_value()), std::get<1>(state_); }
  E&& error() && { return CHECK(!has_value()), std::get<1>(std::move(state_)); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, E> state_;
};

template <typename E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : state_(std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  void value() const { CHECK(has_value()); }
  E& error() & { return CHECK(!has_value()), std::get<1>(state_); }
  const E& error() const& { return CHECK(!has_value()), std::get<1>(state_); }
  E&& error() && { return CHECK(!has_value()), std::get<1>(std::move(state_)); }

 private:
  std::variant<std::monostate, E> state_;
};

}  // namespace pawl

// The value of a Result, or return its error from the enclosing function. Not within the braces of
// a list or an array: GCC 12 forgets to destroy the elements before it.
#define TRY(...)                                                         \
  ({                                                                     \
    auto try_result_ = (__VA_ARGS__);                                    \
    if (!try_result_.has_value()) return std::move(try_result_).error(); \
    std::move(try_result_).value();                                      \
  })
