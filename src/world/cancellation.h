#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "base/time.h"

namespace pawl::world {

// A request to stop, made by one thread and noticed by others. Long work asks at every chunk;
// waiting work waits here instead of sleeping.
class Cancellation {
 public:
  void request();
  bool is_requested() const { return requested_.load(std::memory_order_acquire); }
  // True where the request came before the time had passed.
  bool wait_for(Duration duration) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::atomic<bool> requested_{false};
};

}  // namespace pawl::world
