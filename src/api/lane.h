#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pawl::api {

// Threads for what takes its time, so that what is quick need not wait behind it. There are none
// before there is something to do.
class Lane {
 public:
  using Work = std::function<void()>;

  explicit Lane(size_t threads_max) : threads_max_(threads_max) {}
  // What has not begun is dropped; then waits for what has.
  ~Lane();

  // In its turn on one of the threads; at once where this is one of them.
  void run(Work work);

 private:
  void serve();

  const size_t threads_max_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Work> waiting_;
  size_t idle_ = 0;  // threads
  bool is_over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pawl::api
