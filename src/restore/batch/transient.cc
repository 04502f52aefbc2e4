#include "restore/batch/transient.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/text.h"
#include "json/parse.h"

namespace pawl::restore::batch {
namespace {

constexpr std::array transient_errors = {
    std::string_view("Restore.Unavailable"),
    std::string_view("Restore.Timeout"),
    std::string_view("States.Timeout"),
    std::string_view("States.HeartbeatTimeout"),
    std::string_view("Throttling"),
    std::string_view("ThrottlingException"),
    std::string_view("TooManyRequestsException"),
    std::string_view("Lambda.TooManyRequestsException"),
    std::string_view("Lambda.ServiceException"),
    std::string_view("Lambda.AWSLambdaException"),
    std::string_view("Lambda.SdkClientException"),
    std::string_view("StepFunctions.ExecutionLimitExceeded"),
    std::string_view("StepFunctions.ThrottlingException"),
};

}  // namespace

Reason reason_of(const asl::Failure& failure) {
  Reason reason{failure, ""};
  // A restore may itself have started what failed; the innermost description tells.
  for (int depth = 0; depth < 8; ++depth) {
    const auto description = json::parse(reason.failure.cause);
    if (!description || !description->is_object()) break;
    const auto status = description->string_at("Status");
    if (!status || !description->find("ExecutionArn")) break;
    reason.status = *status;
    reason.failure.error = description->string_at("Error").value_or(
        *status == "TIMED_OUT" ? "States.Timeout" : "Restore.Aborted");
    reason.failure.cause = description->string_at("Cause").value_or("");
  }
  return reason;
}

bool is_transient(const Reason& reason) {
  // Somebody stopped it, and does not want it back.
  if (reason.status == "ABORTED") return false;
  if (reason.status == "TIMED_OUT") return true;
  return std::find(transient_errors.begin(), transient_errors.end(), reason.failure.error) !=
         transient_errors.end();
}

Duration backoff(Duration first, int64_t attempt, std::string_view name) {
  Duration wait = first;
  const Duration longest = std::max<Duration>(first, minutes(1));
  for (int64_t doubled = 1; doubled < attempt && wait < longest; ++doubled) wait *= 2;
  wait = std::min(wait, longest);
  const uint32_t draw = crc32c(concat(name, "/", attempt)) % 1000;
  return wait - wait / 4 * draw / 1000;
}

}  // namespace pawl::restore::batch
