#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace pawl {

enum class ErrorCode {
#define ERROR(code, http_status, exit_code) code,
#include "base/errors.def"
#undef ERROR
};

std::string_view name(ErrorCode code);
int http_status(ErrorCode code);
int exit_code(ErrorCode code);

// What went wrong outside: a code to act on, a message that says what and where (lower case, no
// full stop, the subject first), and a hint that tells the operator what to do next.
class Error {
 public:
  Error(ErrorCode code, std::string message, std::string hint = {})
      : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  // The name that a protocol has for just this error, where its code alone does not tell; a
  // literal.
  std::string_view kind() const { return kind_; }

  // The same error seen from further out: "restoring orders: cannot open …".
  Error within(std::string_view where) &&;
  Error with_hint(std::string hint) &&;
  Error with_kind(std::string_view literal) &&;

  // "message; hint: Do this."
  std::string text() const;

 private:
  ErrorCode code_;
  std::string message_;
  std::string hint_;
  std::string_view kind_;
};

// The error for errno after a failed call: "cannot open /x: No such file or directory".
Error errno_error(std::string_view what, int errno_value);

}  // namespace pawl
