#include "api/lane.h"

#include <utility>

namespace pawl::api {
namespace {

thread_local const Lane* lane_of_thread = nullptr;

}  // namespace

Lane::~Lane() {
  std::deque<Work> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    dropped.swap(waiting_);
  }
  came_.notify_all();
  dropped.clear();
  for (std::thread& thread : threads_) thread.join();
}

void Lane::run(Work work) {
  if (lane_of_thread == this) return work();
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(work));
  came_.notify_one();
  if (waiting_.size() > idle_ && threads_.size() < threads_max_)
    threads_.emplace_back([this] { serve(); });
}

void Lane::serve() {
  lane_of_thread = this;
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    came_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
    --idle_;
    if (is_over_) return;
    Work work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    work = nullptr;  // what it holds goes without the lock
    lock.lock();
  }
}

}  // namespace pawl::api
