#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "base/time.h"

namespace pawl::functions::processes {

// A thread for what takes its time: work is done one after another, in its order, or later. What is
// not yet due when this goes is dropped; the rest is done.
class Errands {
 public:
  ~Errands() { stop(); }

  // False once it has been stopped: then nothing comes of it.
  bool add(std::function<void()> work) { return add_after(Duration(0), std::move(work)); }
  bool add_after(Duration delay, std::function<void()> work);
  void stop();

 private:
  using Steady = std::chrono::steady_clock;
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Steady::time_point, std::function<void()>> waiting_;
  bool is_over_ = false;
  std::thread thread_;  // once there is something to do
};

}  // namespace pawl::functions::processes
