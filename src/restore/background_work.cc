#include "restore/background_work.h"

#include <algorithm>
#include <vector>

namespace pawl::restore {
namespace {

// How often progress is told and a request to stop waiting is noticed; the end is noticed at once.
constexpr milliseconds report_interval(200);

}  // namespace

void BackgroundWork::begin(const std::string& key, Body body) {
  std::unique_ptr<Work> old;
  {
    const std::lock_guard lock(mutex_);
    auto& place = works_[key];
    const bool stays = place && !(place->has_failed() && place->is_known);
    if (stays || is_stopped_) return;
    old = std::move(place);
    place = std::make_unique<Work>();
    Work& work = *place;
    work.thread = std::thread([this, &work, body = std::move(body)] { run(work, body); });
  }
  if (old) old->thread.join();
}

void BackgroundWork::run(Work& work, const Body& body) {
  const CopyProgress progress = [this, &work](uint64_t done, uint64_t total) {
    const std::lock_guard lock(mutex_);
    work.bytes_done = done;
    work.bytes_total = total;
  };
  auto outcome = body(progress, work.cancellation);
  const std::lock_guard lock(mutex_);
  if (!outcome) work.error = std::move(outcome).error();
  work.has_ended = true;
  changed_.notify_all();
}

ProviderStatus BackgroundWork::wait(const std::string& key, Duration limit, const Report& report,
                                    const world::Cancellation& cancellation) {
  const auto until = std::chrono::steady_clock::now() + limit;
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto found = works_.find(key);
    if (found == works_.end() || !found->second) {
      return {"failed", 0, 0, Error(ErrorCode::cancelled, "the work was cancelled")};
    }
    Work& work = *found->second;
    if (work.has_ended) {
      work.is_known = true;
      return {work.error ? "failed" : "completed", work.bytes_done, work.bytes_total, work.error};
    }
    const auto now = std::chrono::steady_clock::now();
    const ProviderStatus running{"running", work.bytes_done, work.bytes_total, std::nullopt};
    if (now >= until || cancellation.is_requested()) return running;
    lock.unlock();
    if (report && running.bytes_total > 0) {
      report({running.bytes_done, running.bytes_total, "bytes", ""});
    }
    lock.lock();
    const auto again = works_.find(key);
    if (again != works_.end() && again->second && again->second->has_ended) continue;
    changed_.wait_until(lock, std::min(until, now + report_interval));
  }
}

void BackgroundWork::cancel(const std::string& key) {
  std::unique_ptr<Work> work;
  {
    const std::lock_guard lock(mutex_);
    const auto found = works_.find(key);
    if (found == works_.end()) return;
    work = std::move(found->second);
    works_.erase(found);
    changed_.notify_all();
  }
  if (!work) return;
  work->cancellation.request();
  work->thread.join();
}

void BackgroundWork::forget_completed(const std::string& key) {
  std::unique_ptr<Work> work;
  const std::lock_guard lock(mutex_);
  const auto found = works_.find(key);
  if (found == works_.end() || !found->second) return;
  if (!found->second->has_ended || found->second->error) return;
  // The thread has nothing left to do but end, and no longer needs the lock.
  work = std::move(found->second);
  works_.erase(found);
  work->thread.join();
}

void BackgroundWork::stop() {
  std::vector<std::string> keys;
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    for (const auto& [key, work] : works_) {
      if (work) work->cancellation.request();
      keys.push_back(key);
    }
  }
  for (const std::string& key : keys) cancel(key);
}

}  // namespace pawl::restore
