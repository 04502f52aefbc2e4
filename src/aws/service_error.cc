#include "aws/service_error.h"

#include <algorithm>

namespace pawl::aws {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "ExecutionDoesNotExist" of "ExecutionDoesNotExist: Execution Does Not Exist: …"; empty for a
// message that begins like a sentence.
std::string_view named_code(std::string_view message) {
  const auto end = message.find(": ");
  if (end == message.npos || end == 0 || message[0] < 'A' || message[0] > 'Z') return {};
  const auto word = message.substr(0, end);
  return std::all_of(word.begin(), word.end(), is_letter) ? word : std::string_view();
}

ServiceError by_code(const Error& error) {
  switch (error.code()) {
    case ErrorCode::invalid_argument:
      return {"ValidationException", error.text(), 400};
    case ErrorCode::unsupported:
      return {"ValidationException", error.text(), 400};
    case ErrorCode::not_found:
      return {"ResourceNotFound", error.text(), 400};
    case ErrorCode::conflict:
    case ErrorCode::already_exists:
      return {"ConflictException", error.text(), 400};
    case ErrorCode::permission_denied:
      return {"AccessDeniedException", error.text(), 400};
    case ErrorCode::limit_exceeded:
      return {"ThrottlingException", error.text(), 400};
    case ErrorCode::unavailable:
      return {"ServiceUnavailable", error.text(), 503};
    default:
      return {"InternalFailure", error.text(), 500};
  }
}

}  // namespace

ServiceError service_error(const Error& error) {
  const auto code = named_code(error.message());
  if (code.empty()) return by_code(error);
  // What may work when it is asked again, clients ask again by the status alone.
  const int status = error.code() == ErrorCode::unavailable ? 503 : 400;
  return {std::string(code), error.text().substr(code.size() + 2), status};
}

}  // namespace pawl::aws
