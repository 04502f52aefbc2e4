#include "engine/timers.h"

namespace pawl::engine {

std::optional<Timer> Timers::take_due(Instant now) {
  if (timers_.empty() || timers_.begin()->due > now) return std::nullopt;
  return timers_.extract(timers_.begin()).value();
}

}  // namespace pawl::engine
