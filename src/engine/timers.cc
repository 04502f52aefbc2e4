#include "engine/timers.h"

namespace pawl::engine {

std::vector<Timer> Timers::take_due(Instant now, size_t count_max) {
  std::vector<Timer> due;
  while (!timers_.empty() && timers_.begin()->due <= now && due.size() < count_max) {
    due.push_back(*timers_.begin());
    timers_.erase(timers_.begin());
  }
  return due;
}

}  // namespace pawl::engine
