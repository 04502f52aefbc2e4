#include <algorithm>

#include "base/text.h"
#include "jobs/jobs.h"

namespace pawl::jobs {
namespace {

constexpr std::string_view exited = "Essential container in task exited";
constexpr std::string_view overran = "Job attempt duration exceeded timeout";

// "a string containing at most one * at its end" ("Automated job retries").
bool fits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return true;
  if (!pattern.ends_with('*')) return pattern == text;
  pattern.remove_suffix(1);
  return text.starts_with(pattern);
}

bool fits(const ExitRule& rule, const Ended& ended, std::string_view status_reason) {
  if (!rule.on_exit_code.empty() &&
      (!ended.exit_code || !fits(rule.on_exit_code, concat(*ended.exit_code))))
    return false;
  return fits(rule.on_reason, ended.reason) && fits(rule.on_status_reason, status_reason);
}

bool is_tried_again(const Job& job, const Child& child, const Ended& ended,
                    std::string_view status_reason) {
  const RetryStrategy& retry = job.specification.retry;
  // What was cancelled is not tried again ("Automated job retries").
  if (job.is_cancelled || child.attempt - child.attempts_before >= retry.attempts) return false;
  for (const ExitRule& rule : retry.rules)
    if (fits(rule, ended, status_reason)) return rule.retries;
  return true;
}

// Whether its limit has passed only because the news of its end came late: no server ran meanwhile.
bool ended_in_time(const Job& job, const Child& child, Instant at) {
  return child.failing == Failing::timed_out && child.started && job.specification.time_limit &&
         at < *child.started + *job.specification.time_limit;
}

}  // namespace

// The child whose open attempt that is; null where it is none.
Child* Jobs::handed(std::string_view id, std::optional<int32_t> index, int32_t attempt, Job*& job) {
  const auto number = by_id_.find(std::string(id));
  if (number == by_id_.end()) return nullptr;
  job = jobs_.at(number->second).get();
  if (index.has_value() != job->is_array()) return nullptr;
  const auto place = static_cast<size_t>(index.value_or(0));
  if (place >= job->children.size()) return nullptr;
  Child& child = job->children[place];
  return child.is_handed && child.attempt == attempt ? &child : nullptr;
}

void Jobs::started(std::string_view id, std::optional<int32_t> index, int32_t attempt, Instant at,
                   const std::string& where) {
  Job* job = nullptr;
  const Child* child = handed(id, index, attempt, job);
  if (child == nullptr || child->status == Status::running) return;
  record(*job, {.kind = Event::Kind::started, .at = at, .first = index.value_or(0), .text = where});
}

void Jobs::ended(std::string_view id, std::optional<int32_t> index, int32_t attempt, Instant at,
                 const Ended& ended) {
  Job* job = nullptr;
  const Child* child = handed(id, index, attempt, job);
  const int32_t place = index.value_or(0);
  if (child == nullptr) return;
  Event event{.kind = Event::Kind::ended, .at = at, .first = place, .attempt = attempt};
  event.exit_code = ended.exit_code;
  event.text = ended.reason;
  event.status_reason = ended.status_reason.empty() ? std::string(exited) : ended.status_reason;
  if (child->failing != Failing::none && !ended_in_time(*job, *child, at)) {
    // Also one that ends well when it is told to stop: it has not done what it was for.
    event.failing = child->failing;
    event.status_reason = child->reason;
    event.next = Status::failed;
  } else if (ended.exit_code == 0) {
    event.next = Status::succeeded;
  } else if (is_tried_again(*job, *child, ended, event.status_reason)) {
    event.next = Status::runnable;
  } else {
    event.failing = Failing::by_itself;
    event.next = Status::failed;
  }
  const Status next = event.next;
  effects_.emplace_back(SettleChild{job->number, place, attempt, child->environment});
  record(*job, std::move(event));
  if (next == Status::runnable)
    enqueue(*job, place, 1);
  else
    ended_.push_back({job->number, place});
  revive_if_stopped_in_vain(*job, place, at);
  spread(at);
}

void Jobs::not_started(std::string_view id, std::optional<int32_t> index, int32_t attempt,
                       Instant now, const std::string& why) {
  constexpr Duration hold = seconds(5);
  Job* job = nullptr;
  const Child* child = handed(id, index, attempt, job);
  const int32_t place = index.value_or(0);
  if (child == nullptr) return;
  effects_.emplace_back(SettleChild{job->number, place, attempt, child->environment});
  if (child->failing != Failing::none) {
    fail_unstarted(*job, place, child->failing, child->reason, now);
    revive_if_stopped_in_vain(*job, place, now);
    return spread(now);
  }
  if (job->is_cancelled) {
    fail_unstarted(*job, place, Failing::cancelled, job->cancelled_because, now);
    return spread(now);
  }
  const bool waited = child->status == Status::pending;
  if (!waited) {
    Room& room = rooms_[child->environment];
    room.held_until = now + hold;
    room.why_held = why;
  }
  record(*job, {.kind = Event::Kind::returned,
                .at = now,
                .first = place,
                .next = waited ? Status::pending : Status::runnable});
  if (waited)
    settle(*job, place, 1, now);
  else
    enqueue(*job, place, 1);
  spread(now);
}

void Jobs::pass_time(Instant now) {
  while (!limits_.empty() && std::get<0>(*limits_.begin()) <= now) {
    const auto [due, number, index] = *limits_.begin();
    limits_.erase(limits_.begin());
    stop_child(*jobs_.at(number), index, Failing::timed_out, std::string(overran), now);
  }
  for (auto& [environment, room] : rooms_)
    if (room.held_until && *room.held_until <= now) room.held_until.reset();
}

std::optional<Instant> Jobs::next_due() const {
  std::optional<Instant> due;
  if (!limits_.empty()) due = std::get<0>(*limits_.begin());
  for (const auto& [environment, room] : rooms_)
    if (room.held_until && (!due || *room.held_until < *due)) due = room.held_until;
  return due;
}

bool Jobs::is_needed(const Job& of) const {
  return std::ranges::any_of(of.dependants, [&](int64_t number) {
    const Job* dependant = job(number);
    return dependant != nullptr && dependant->status != Status::succeeded;
  });
}

void Jobs::forget_ended(Instant before, const std::set<int64_t>& awaited) {
  // The newest first: whoever depends on a job is newer, and goes before it.
  for (auto next = jobs_.end(); next != jobs_.begin();) {
    const auto each = std::prev(next);
    const auto& [number, job] = *each;
    const bool is_old = is_ended(job->status) && job->stopped && *job->stopped < before;
    if (!is_old || awaited.contains(number) || is_needed(*job)) {
      next = each;
      continue;
    }
    changes_.emplace_back(JobForgotten{number});
    drop(number);
  }
}

}  // namespace pawl::jobs
