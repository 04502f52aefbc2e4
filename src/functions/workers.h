#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "functions/function.h"
#include "functions/runtime.h"

namespace pawl::functions {

// Where the outcome of a job goes: told its id, for those who have many.
using Done = std::function<void(const std::string& id, asl::Outcome<json::Value>)>;
Done end_of_task(engine::TaskReports& reports);
Done for_one(std::function<void(asl::Outcome<json::Value>)> told);

// A call that is to be made.
struct Job {
  const Function* function = nullptr;
  std::string id;
  std::string execution_arn, execution_name;
  int64_t attempt = 0;
  json::Value event;
  Done done;  // called at most once, without a lock held
  std::function<void(const std::string& id, engine::Progress)> progress;  // may be none
  // The next server does it again, so that a failure for our stopping says nothing.
  bool is_durable = false;
};

// The threads that make the calls: as many as there are calls at once, up to the limit, and none
// when there is nothing to do for a while.
class Workers {
 public:
  Workers(Limits limits, world::Clock& clock);
  ~Workers();

  // Nothing happens where a job of that id waits or runs already.
  void submit(Job job);
  void submit(std::vector<Job> jobs);
  // The outcome of the job is dropped.
  void cancel(std::string_view id);
  void drain();

 private:
  using Steady = std::chrono::steady_clock;
  struct Work;
  using WorkPointer = std::shared_ptr<Work>;  // of a thread, the timekeeper and the indexes at once
  using Deadlines = std::multimap<Steady::time_point, WorkPointer>;
  using Threads = std::list<std::thread>;

  struct Work {
    explicit Work(Job of) : job(std::move(of)) {}
    Job job;
    uint64_t number = 0;           // order of arrival
    Deadlines::iterator deadline;  // while it runs
    world::Cancellation cancellation;
    std::atomic<bool> is_settled{false};
  };
  // The calls of one function.
  struct Queue {
    std::deque<WorkPointer> waiting;
    int running = 0;
  };

  // Why the job is not taken; nothing where it is, or is there already.
  std::optional<asl::Failure> take(const WorkPointer& work);
  void settle(Work& work, asl::Outcome<json::Value> outcome);
  void forget(const Work& work);
  bool is_waiting(const Work& work) const;
  void remove_waiting(const Work& work);
  Queue* first_in_order();
  void give_slots();
  void call_thread();
  void start_thread();
  void serve(Threads::iterator self);
  bool wait_for_ready(std::unique_lock<std::mutex>& lock);
  void begin(const WorkPointer& work);
  void end(const Work& work);
  asl::Outcome<json::Value> call(Work& work);
  void keep_time();

  const Limits limits_;
  world::Clock& clock_;

  std::mutex mutex_;  // guards all below
  std::condition_variable ready_changed_, deadlines_changed_, all_ended_;
  std::unordered_map<std::string_view, WorkPointer> by_id_;  // by the work's own text
  std::map<const Function*, Queue> queues_;
  size_t waiting_ = 0;
  int running_ = 0;
  uint64_t arrivals_ = 0;
  std::deque<WorkPointer> ready_;  // have their slot
  size_t sleeping_ = 0;            // threads
  bool is_coming_ = false;         // a thread, for what is ready: always, where something is
  Deadlines deadlines_;
  Steady::time_point wakes_at_ = Steady::time_point::max();  // the timekeeper
  std::atomic<bool> is_draining_{false};
  bool is_over_ = false;
  Threads threads_, ended_threads_;
  std::thread timekeeper_;
};

}  // namespace pawl::functions
