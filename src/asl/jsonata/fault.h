#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "asl/jsonata/jsonata.h"

namespace pawl::asl::jsonata {

// A problem in the making: the code is known where it is found, the place and the token often only
// further up.
class Fault {
 public:
  explicit Fault(std::string_view code) : code_(code) {}

  Fault&& at(size_t offset) && { return position_ = offset, std::move(*this); }
  Fault&& token(std::string_view token) && { return token_ = token, std::move(*this); }
  // A value for the message, as JSON text where it is one.
  Fault&& with(std::string_view name, std::string text) && {
    details_.emplace_back(name, std::move(text));
    return std::move(*this);
  }
  Fault&& with_text(std::string_view name, std::string_view text) &&;
  Fault&& with_index(size_t index) && {
    return std::move(*this).with("index", std::to_string(index));
  }

  // Set the place or the token unless they are known.
  void settle_position(size_t offset) {
    if (!position_) position_ = offset;
  }
  void settle_token(std::string_view token) {
    if (!token_) token_ = std::string(token);
  }

  const std::string& code() const { return code_; }
  // As the caller sees it; `source` is the text of the expression.
  Problem problem(std::string_view source) const;
  std::string message() const;

 private:
  std::string detail(std::string_view name) const;

  std::string code_;
  std::optional<size_t> position_;  // in bytes
  std::optional<std::string> token_;
  std::vector<std::pair<std::string, std::string>> details_;
};

// A limit was reached: U1001.
Fault limit_reached(std::string_view message);
Fault too_deep();

// The text of a code, with {{name}} where a value goes in as JSON and {{{name}}} where it goes in
// bare; empty for a code that does not exist.
std::string_view message_template(std::string_view code);

}  // namespace pawl::asl::jsonata
