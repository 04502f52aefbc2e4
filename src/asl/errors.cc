#include "asl/errors.h"

#include <algorithm>
#include <cmath>

namespace pawl::asl {
namespace {

// No wait is longer, whatever the arithmetic says: the largest interval the language allows.
constexpr double delay_seconds_max = 99'999'999;

bool takes_one(std::string_view name, std::string_view error) {
  if (name == error || name == "States.ALL") return true;
  // Every error of a task but a timeout; a missed heartbeat is a kind of timeout.
  const bool is_timeout = error == "States.Timeout" || error == "States.HeartbeatTimeout";
  if (name == "States.TaskFailed") return !is_timeout;
  return name == "States.Timeout" && is_timeout;
}

}  // namespace

bool takes(const std::vector<std::string>& error_equals, std::string_view error) {
  // The execution cannot go on after States.Runtime, even where it is named.
  if (error == "States.Runtime") return false;
  return std::any_of(error_equals.begin(), error_equals.end(),
                     [error](const std::string& name) { return takes_one(name, error); });
}

double retry_delay_seconds(const Retrier& retrier, int64_t attempt, uint64_t entropy) {
  const double growth = std::pow(retrier.backoff_rate, static_cast<double>(attempt));
  const double longest =
      std::min(retrier.max_delay_seconds.value_or(delay_seconds_max), delay_seconds_max);
  const double delay = std::min(retrier.interval_seconds * growth, longest);
  if (!retrier.full_jitter) return delay;
  return delay * (static_cast<double>(entropy >> 11) * 0x1.0p-53);
}

}  // namespace pawl::asl
