#include "engine/beside/commands.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "engine/limits.h"

namespace pawl::engine {

Error server_is_stopping() {
  return Error(ErrorCode::unavailable, "ServiceUnavailable: the server is stopping",
               "Try again when it has started.");
}

Duration until_next_turn(std::optional<Instant> due, Instant now) {
  return due ? std::min(clock_look_interval, *due - now) : clock_look_interval;
}

void log_stop(std::string_view loop, const Error& error) {
  log(LogLevel::error, concat(loop, " stops"), {{"error", error.text()}});
}

}  // namespace pawl::engine
