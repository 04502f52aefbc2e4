#include "restore/questions/verb.h"

#include <utility>

namespace pawl::restore::questions {
namespace {

std::string_view failure_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "Restore.InvalidInput";
    case ErrorCode::not_found:
      return "Restore.NotFound";
    case ErrorCode::already_exists:
      return "Restore.AlreadyExists";
    case ErrorCode::conflict:
      return "Restore.Conflict";
    case ErrorCode::permission_denied:
      return "Restore.PermissionDenied";
    case ErrorCode::out_of_space:
      return "Restore.OutOfSpace";
    case ErrorCode::corrupt:
      return "Restore.Corrupt";
    case ErrorCode::limit_exceeded:
      return "ThrottlingException";
    case ErrorCode::unavailable:
      return "Restore.Unavailable";
    case ErrorCode::timed_out:
      return "Restore.Timeout";
    default:
      return "Restore.Failed";
  }
}

}  // namespace

asl::Failure failure_of(const Error& error) {
  return {std::string(failure_name(error.code())), error.text()};
}

functions::Function verb(std::string name, std::string description, Body body) {
  functions::Function function;
  function.name = std::move(name);
  function.description = std::move(description);
  function.body = [body = std::move(body)](functions::Call& call) -> asl::Outcome<json::Value> {
    auto answer = body(call);
    if (!answer) return failure_of(answer.error());
    return std::move(*answer);
  };
  return function;
}

}  // namespace pawl::restore::questions
