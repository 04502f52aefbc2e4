#include "functions/workers.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "json/write.h"

namespace pawl::functions {
namespace {

constexpr seconds idle_limit(10);

asl::Failure throttled() { return {"Lambda.TooManyRequestsException", "Rate Exceeded."}; }

asl::Failure stopping() { return {"Lambda.ServiceException", "The server is stopping."}; }

asl::Failure timed_out(const Job& job) {
  char limit[32];
  std::snprintf(limit, sizeof limit, "%.2f",
                std::chrono::duration<double>(job.function->time_limit).count());
  const std::string message =
      concat("RequestId: ", job.id, " Error: Task timed out after ", limit, " seconds");
  return {"Sandbox.Timedout", json::write(json::Value::object(
                                  {{"errorType", "Sandbox.Timedout"}, {"errorMessage", message}}))};
}

}  // namespace

Done end_of_task(engine::TaskReports& reports) {
  return [&reports](const std::string& id, asl::Outcome<json::Value> outcome) {
    reports.finished(id, std::move(outcome));
  };
}

Done for_one(std::function<void(asl::Outcome<json::Value>)> told) {
  return [told = std::move(told)](const std::string&, asl::Outcome<json::Value> outcome) {
    told(std::move(outcome));
  };
}

Workers::Workers(Limits limits, world::Clock& clock)
    : limits_(limits), clock_(clock), timekeeper_([this] { keep_time(); }) {}

Workers::~Workers() {
  drain();
  Threads threads;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    ready_changed_.notify_all();
    deadlines_changed_.notify_all();
  }
  timekeeper_.join();
  // The threads put themselves among the ended ones.
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      all_ended_.wait(lock, [&] { return threads_.empty() || !ended_threads_.empty(); });
      threads.swap(ended_threads_);
      if (threads.empty()) return;
    }
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  }
}

void Workers::submit(Job job) {
  std::vector<Job> jobs;
  jobs.push_back(std::move(job));
  submit(std::move(jobs));
}

void Workers::submit(std::vector<Job> jobs) {
  std::vector<std::pair<WorkPointer, asl::Failure>> refused;
  {
    const std::lock_guard lock(mutex_);
    for (Job& job : jobs) {
      const auto work = std::make_shared<Work>(std::move(job));
      if (auto failure = take(work)) refused.emplace_back(work, *std::move(failure));
    }
    call_thread();
  }
  for (auto& [work, failure] : refused) settle(*work, std::move(failure));
}

// Under the lock, which is asked for once for many: threads that end their calls want it, too.
std::optional<asl::Failure> Workers::take(const WorkPointer& work) {
  if (is_draining_) return stopping();
  const auto found = by_id_.find(work->job.id);
  if (found != by_id_.end()) {
    if (!found->second->is_settled) return std::nullopt;
    by_id_.erase(found);
  }
  by_id_.emplace(work->job.id, work);
  work->number = ++arrivals_;
  queues_[work->job.function].waiting.push_back(work);
  ++waiting_;
  give_slots();
  if (waiting_ <= limits_.waiting_max || !is_waiting(*work)) return std::nullopt;
  remove_waiting(*work);
  forget(*work);
  return throttled();
}

void Workers::cancel(std::string_view id) {
  WorkPointer work;
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return;
    work = found->second;
    work->is_settled = true;
    by_id_.erase(found);
    if (is_waiting(*work)) remove_waiting(*work);
  }
  work->cancellation.request();
}

void Workers::drain() {
  std::vector<WorkPointer> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_draining_ = true;
    for (auto& [function, queue] : queues_) {
      for (const WorkPointer& work : queue.waiting) forget(*work);
      dropped.insert(dropped.end(), queue.waiting.begin(), queue.waiting.end());
      queue.waiting.clear();
    }
    waiting_ = 0;
    for (auto& [id, work] : by_id_) work->cancellation.request();
    // Those that have passed their limit are no longer known by their ids, but run.
    for (auto& [deadline, work] : deadlines_) work->cancellation.request();
  }
  for (const WorkPointer& work : dropped) settle(*work, stopping());
  std::unique_lock lock(mutex_);
  all_ended_.wait(lock, [&] { return running_ == 0; });
}

// The first outcome counts.
void Workers::settle(Work& work, asl::Outcome<json::Value> outcome) {
  if (work.is_settled.exchange(true)) return;
  if (!outcome && is_draining_ && work.job.is_durable) return;
  work.job.done(work.job.id, std::move(outcome));
}

// Under the lock.
void Workers::forget(const Work& work) {
  const auto found = by_id_.find(work.job.id);
  if (found != by_id_.end() && found->second.get() == &work) by_id_.erase(found);
}

bool Workers::is_waiting(const Work& work) const {
  const auto& waiting = queues_.at(work.job.function).waiting;
  return std::any_of(waiting.begin(), waiting.end(),
                     [&](const WorkPointer& other) { return other.get() == &work; });
}

void Workers::remove_waiting(const Work& work) {
  waiting_ -= std::erase_if(queues_.at(work.job.function).waiting,
                            [&](const WorkPointer& other) { return other.get() == &work; });
}

// Among the functions that have a free slot, the one whose next call came first.
Workers::Queue* Workers::first_in_order() {
  Queue* first = nullptr;
  for (auto& [function, queue] : queues_) {
    const bool has_slot = function->concurrency == 0 || queue.running < function->concurrency;
    if (queue.waiting.empty() || !has_slot) continue;
    if (!first || queue.waiting.front()->number < first->waiting.front()->number) first = &queue;
  }
  return first;
}

// To what waits. Under the lock.
void Workers::give_slots() {
  while (running_ < limits_.concurrency) {
    Queue* queue = first_in_order();
    if (!queue) break;
    ready_.push_back(std::move(queue->waiting.front()));
    queue->waiting.pop_front();
    --waiting_;
    ++running_;
    ++queue->running;
  }
}

// One at a time: who comes calls the next where there is more to do, and by then may have done much
// of it. To wake as many threads as there are calls costs more than short calls themselves.
void Workers::call_thread() {
  if (ready_.empty() || is_coming_) return;
  is_coming_ = true;
  if (sleeping_ > 0)
    ready_changed_.notify_one();
  else
    start_thread();
}

void Workers::start_thread() {
  for (std::thread& ended : ended_threads_) ended.join();
  ended_threads_.clear();
  const auto self = threads_.emplace(threads_.end());
  *self = std::thread([this, self] { serve(self); });
}

void Workers::serve(Threads::iterator self) {
  std::unique_lock lock(mutex_);
  is_coming_ = false;
  while (wait_for_ready(lock)) {
    const WorkPointer work = std::move(ready_.front());
    ready_.pop_front();
    call_thread();
    const bool is_wanted = !work->is_settled && !is_draining_;
    begin(work);
    lock.unlock();
    settle(*work, is_wanted ? call(*work) : stopping());
    lock.lock();
    end(*work);
    give_slots();
    call_thread();
    if (running_ == 0) all_ended_.notify_all();
  }
  ended_threads_.splice(ended_threads_.end(), threads_, self);
  all_ended_.notify_all();
}

// False where there has been nothing to do for a while, and at the end.
bool Workers::wait_for_ready(std::unique_lock<std::mutex>& lock) {
  const auto until = Steady::now() + idle_limit;
  while (ready_.empty()) {
    if (is_over_ || Steady::now() >= until) return false;
    ++sleeping_;
    ready_changed_.wait_until(lock, until);
    --sleeping_;
    is_coming_ = false;
  }
  return true;
}

// Its time counts from here. Under the lock, as end.
void Workers::begin(const WorkPointer& work) {
  const auto limit = std::min<Duration>(work->job.function->time_limit, hours(24 * 365));
  work->deadline = deadlines_.emplace(Steady::now() + limit, work);
  if (work->deadline->first < wakes_at_) deadlines_changed_.notify_one();
}

void Workers::end(const Work& work) {
  deadlines_.erase(work.deadline);
  forget(work);
  --running_;
  --queues_.at(work.job.function).running;
}

asl::Outcome<json::Value> Workers::call(Work& work) {
  const Job& job = work.job;
  Call call{.request_id = job.id,
            .function_name = job.function->name,
            .execution_arn = job.execution_arn,
            .execution_name = job.execution_name,
            .attempt = job.attempt,
            .deadline = clock_.now() + job.function->time_limit,
            .event = job.event,
            .cancellation = work.cancellation,
            .progress = [&work](engine::Progress progress) {
              if (!work.is_settled && work.job.progress)
                work.job.progress(work.job.id, std::move(progress));
            }};
  return job.function->body(call);
}

// Ends calls at their limits. A call stays among the deadlines while it runs, so that drain finds
// it.
void Workers::keep_time() {
  std::unique_lock lock(mutex_);
  while (!is_over_) {
    const auto next = std::find_if(deadlines_.begin(), deadlines_.end(),
                                   [](const auto& entry) { return !entry.second->is_settled; });
    wakes_at_ = next == deadlines_.end() ? Steady::time_point::max() : next->first;
    if (next == deadlines_.end()) {
      deadlines_changed_.wait(lock);
      continue;
    }
    if (Steady::now() < wakes_at_) {
      deadlines_changed_.wait_until(lock, wakes_at_);
      continue;
    }
    const WorkPointer work = next->second;
    lock.unlock();
    // In this order: what the function makes of its cancellation must not come first.
    settle(*work, timed_out(work->job));
    work->cancellation.request();
    lock.lock();
    forget(*work);
  }
}

}  // namespace pawl::functions
