#include "restore/failure.h"

namespace pawl::restore {
namespace {

std::string_view failure_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::unsupported:
      return "Restore.InvalidInput";
    case ErrorCode::not_found:
      return "Restore.NotFound";
    case ErrorCode::conflict:
      return "Restore.TargetBusy";
    case ErrorCode::already_exists:
      return "Restore.AlreadyExists";
    case ErrorCode::corrupt:
      return "Restore.Corrupt";
    case ErrorCode::permission_denied:
      return "Restore.PermissionDenied";
    case ErrorCode::out_of_space:
      return "Restore.OutOfSpace";
    case ErrorCode::limit_exceeded:
      return "ThrottlingException";
    // A drained or stopped server cancels what runs: the next try takes it up.
    case ErrorCode::cancelled:
    case ErrorCode::outcome_unknown:
    case ErrorCode::unavailable:
      return "Restore.Unavailable";
    case ErrorCode::timed_out:
      return "Restore.Timeout";
    case ErrorCode::failed:
      return "Restore.Failed";
  }
  return "Restore.Failed";
}

}  // namespace

asl::Failure to_failure(const Error& error) {
  if (!error.kind().empty()) return {std::string(error.kind()), error.text()};
  return {std::string(failure_name(error.code())), error.text()};
}

}  // namespace pawl::restore
