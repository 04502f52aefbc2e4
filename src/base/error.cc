#include "base/error.h"

#include <cerrno>
#include <cstring>

namespace pawl {
namespace {

struct Row {
  ErrorCode code;
  std::string_view name;
  int http_status;
  int exit_code;
};

constexpr Row table[] = {
#define ERROR(code, http_status, exit_code) {ErrorCode::code, #code, http_status, exit_code},
#include "base/errors.def"
#undef ERROR
};

const Row& row(ErrorCode code) { return table[static_cast<int>(code)]; }

ErrorCode code_of(int errno_value) {
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::not_found;
    case EEXIST:
      return ErrorCode::already_exists;
    case EACCES:
    case EPERM:
      return ErrorCode::permission_denied;
    case ENOSPC:
    case EDQUOT:
      return ErrorCode::out_of_space;
    case ETIMEDOUT:
      return ErrorCode::timed_out;
    case ECONNREFUSED:
    case ECONNRESET:
    case EPIPE:
      return ErrorCode::unavailable;
    case EINVAL:
    case ENAMETOOLONG:
      return ErrorCode::invalid_argument;
    default:
      return ErrorCode::failed;
  }
}

}  // namespace

std::string_view name(ErrorCode code) { return row(code).name; }
int http_status(ErrorCode code) { return row(code).http_status; }
int exit_code(ErrorCode code) { return row(code).exit_code; }

Error Error::within(std::string_view where) && {
  message_.insert(0, std::string(where) + ": ");
  return std::move(*this);
}

Error Error::with_hint(std::string hint) && {
  hint_ = std::move(hint);
  return std::move(*this);
}

Error Error::with_kind(std::string_view literal) && {
  kind_ = literal;
  return std::move(*this);
}

std::string Error::text() const { return hint_.empty() ? message_ : message_ + "; hint: " + hint_; }

Error errno_error(std::string_view what, int errno_value) {
  return Error(code_of(errno_value), std::string(what) + ": " + std::strerror(errno_value));
}

}  // namespace pawl
