#include "transfers/causes.h"

#include "base/text.h"

namespace pawl::transfers {

std::string sdk_cause(const objects::Failure& failure, const std::string& request_id) {
  // No answer, so there is nothing to say about it.
  if (failure.status == 0) return failure.message;
  const auto id = [&](const std::string& given) {
    return !given.empty() ? given : request_id.empty() ? "null" : request_id;
  };
  return concat(failure.message, " (Service: S3, Status Code: ", failure.status,
                ", Request ID: ", id(failure.request_id),
                ", Extended Request ID: ", id(failure.host_id), ")");
}

asl::Failure sdk_failure(const objects::Failure& failure, const std::string& request_id) {
  const bool is_whole = failure.code.ends_with("Exception");
  return {concat("S3.", failure.code, is_whole ? "" : "Exception"), sdk_cause(failure, request_id)};
}

}  // namespace pawl::transfers
