#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "asl/machine.h"

namespace pawl::asl {

// Whether a Retrier's or Catcher's ErrorEquals takes this error (specification, "Errors":
// States.ALL, States.TaskFailed take all but some).
bool takes(const std::vector<std::string>& error_equals, std::string_view error);

// Seconds to wait before the retry numbered `attempt` (0 for the first), by interval, backoff rate,
// maximum delay and jitter; `entropy` decides the jitter.
double retry_delay_seconds(const Retrier& retrier, int64_t attempt, uint64_t entropy);

}  // namespace pawl::asl
