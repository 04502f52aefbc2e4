#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/time.h"

namespace pawl::functions::processes {

// A thread for what takes its time: work is done one after another, in its order, or later. What is
// not yet due when this goes is dropped; the rest is done, but for what others have asked for.
class Errands {
 public:
  using Work = std::function<void()>;
  ~Errands() { stop(); }

  // For somebody who is told that it is not done: once refused, nothing of it happens. Either is
  // called, once; `refuse` at once or by `refuse_asked`.
  void ask(Work work, Work refuse);
  // Those asked for that have not begun, and all that come.
  void refuse_asked();

  // False once it has been stopped: then nothing comes of it.
  bool add(Work work) { return add_after(Duration(0), std::move(work)); }
  bool add_after(Duration delay, Work work);
  void stop();

 private:
  using Steady = std::chrono::steady_clock;
  struct Errand {
    Work work, refuse;  // null: it may not be refused
  };
  // REQUIRES: the lock is held.
  void put(Steady::time_point due, Errand errand);
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Steady::time_point, Errand> waiting_;
  bool is_refusing_ = false, is_over_ = false;
  std::thread thread_;  // once there is something to do
};

}  // namespace pawl::functions::processes
