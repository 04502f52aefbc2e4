#include "functions/processes/errands.h"

namespace pawl::functions::processes {

bool Errands::add_after(Duration delay, Work work) {
  const std::lock_guard lock(mutex_);
  if (is_over_) return false;
  put(Steady::now() + delay, {std::move(work), nullptr});
  return true;
}

void Errands::ask(Work work, Work refuse) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_refusing_) return put(Steady::now(), {std::move(work), std::move(refuse)});
  }
  refuse();
}

void Errands::put(Steady::time_point due, Errand errand) {
  waiting_.emplace(due, std::move(errand));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_one();
}

void Errands::refuse_asked() {
  std::vector<Errand> refused;
  {
    const std::lock_guard lock(mutex_);
    is_refusing_ = true;
    std::erase_if(waiting_, [&](auto& each) {
      const bool is_asked = each.second.refuse != nullptr;
      if (is_asked) refused.push_back(std::move(each.second));
      return is_asked;
    });
  }
  for (const Errand& each : refused) each.refuse();
}

void Errands::stop() {
  refuse_asked();
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
      const auto work = std::move(first->second.work);
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
