#include "functions/processes/errands.h"

namespace pawl::functions::processes {

bool Errands::add_after(Duration delay, std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (is_over_) return false;
  waiting_.emplace(Steady::now() + delay, std::move(work));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_one();
  return true;
}

void Errands::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Errands::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto first = waiting_.begin();
    const bool is_due = first != waiting_.end() && first->first <= Steady::now();
    if (is_due) {
      const auto work = std::move(first->second);
      waiting_.erase(first);
      lock.unlock();
      work();
      lock.lock();
    } else if (is_over_) {
      return;
    } else if (first == waiting_.end()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, first->first);
    }
  }
}

}  // namespace pawl::functions::processes
