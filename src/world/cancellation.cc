#include "world/cancellation.h"

#include <algorithm>

namespace pawl::world {
namespace {

// Longer waits would overflow the clock's arithmetic.
constexpr Duration wait_max = hours(24 * 365);

}  // namespace

void Cancellation::request() {
  {
    const std::lock_guard lock(mutex_);
    requested_.store(true, std::memory_order_release);
  }
  changed_.notify_all();
}

bool Cancellation::wait_for(Duration duration) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::min(duration, wait_max), [&] { return is_requested(); });
}

}  // namespace pawl::world
