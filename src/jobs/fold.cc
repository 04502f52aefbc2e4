#include <algorithm>

#include "base/check.h"
#include "jobs/jobs.h"

namespace pawl::jobs {
namespace {

void end_attempt(Child& child, const Event& event) {
  child.is_handed = false;
  child.stopped = event.at;
  child.reason = event.status_reason;
  child.ended.push_back(
      {event.attempt, child.started, event.at, event.exit_code, event.text, event.status_reason});
}

void forget_attempt(Child& child) {
  child.is_handed = false;
  child.started.reset();
  child.stopped.reset();
}

// The mean forgets: what ran lately tells more of what will run next.
void count_time(Job& job, const Child& child) {
  if (!child.started || !child.stopped) return;
  const double took = std::chrono::duration<double>(*child.stopped - *child.started).count();
  const double before = job.seconds_of_attempt;
  job.seconds_of_attempt = std::max(1e-6, before == 0 ? took : 0.9 * before + 0.1 * took);
}

}  // namespace

Job& Jobs::open(int64_t number, json::Value shown) {
  auto job = std::make_unique<Job>(number, Specification(std::move(shown)));
  const Specification& specification = job->specification;
  by_id_[specification.id] = number;
  if (!specification.client_token.empty()) by_token_[specification.client_token] = number;
  for (const Dependency& dependency : specification.dependencies)
    if (const auto on = by_id_.find(dependency.job_id); on != by_id_.end()) {
      auto& dependants = jobs_.at(on->second)->dependants;
      if (dependants.empty() || dependants.back() != number) dependants.push_back(number);
    }
  next_number_ = std::max(next_number_, number + 1);
  return *(jobs_[number] = std::move(job));
}

// Decided now: applied, to be made durable, and seen by whoever waits for it.
void Jobs::record(Job& job, Event event) {
  const bool had_ended = is_ended(job.status);
  apply(job, event);
  if (is_ended(job.status) && !had_ended) effects_.emplace_back(JobEnded{job.number});
  changes_.emplace_back(JobChanged{job.number, std::move(event)});
}

void Jobs::apply(Job& job, const Event& event) {
  switch (event.kind) {
    case Event::Kind::cancelled:
      job.is_cancelled = true;
      job.cancelled_because = event.text;
      return;
    case Event::Kind::terminated:
      job.is_terminated = true;
      return;
    default:
      break;
  }
  for (int32_t i = 0; i < event.count; ++i) apply_to(job, event.first + i, event);
  update_parent(job, event.at);
}

void Jobs::apply_to(Job& job, int32_t index, const Event& event) {
  Child& child = job.children.at(static_cast<size_t>(index));
  switch (event.kind) {
    case Event::Kind::ready:
      return move(job, child, Status::runnable, event.at);
    case Event::Kind::handed:
      child.is_handed = true;
      child.attempt = event.attempt;
      child.environment = event.text;
      child.started.reset();
      child.stopped.reset();
      take_room(job, child, 1);
      return move(job, child, event.next, event.at);
    case Event::Kind::started:
      child.started = event.at;
      if (!job.started) job.started = event.at;
      if (job.specification.time_limit)
        limits_.insert({event.at + *job.specification.time_limit, job.number, index});
      return move(job, child, Status::running, event.at);
    case Event::Kind::stopping:
      child.failing = event.failing;
      child.reason = event.text;
      return;
    case Event::Kind::ended:
      forget_limit(job, index);
      take_room(job, child, -1);
      end_attempt(child, event);
      count_time(job, child);
      child.failing = event.failing;
      return move(job, child, event.next, event.at);
    case Event::Kind::returned:
      forget_limit(job, index);
      take_room(job, child, -1);
      forget_attempt(child);
      --child.attempt;
      return move(job, child, event.next, event.at);
    case Event::Kind::failed:
      forget_limit(job, index);
      if (child.is_handed) take_room(job, child, -1);
      child.is_handed = false;
      child.failing = event.failing;
      child.reason = event.text;
      child.stopped = event.at;
      return move(job, child, Status::failed, event.at);
    case Event::Kind::revived:
      forget_attempt(child);
      job.is_cancelled = job.is_terminated = false;
      child.attempts_before = child.attempt;
      child.failing = Failing::none;
      child.reason.clear();
      return move(job, child, Status::pending, event.at);
    case Event::Kind::cancelled:
    case Event::Kind::terminated:
      return;
  }
}

void Jobs::move(Job& job, Child& child, Status status, Instant at) {
  --job.counts[static_cast<size_t>(child.status)];
  ++job.counts[static_cast<size_t>(status)];
  child.status = status;
  child.since = at;
}

void Jobs::update_parent(Job& job, Instant at) {
  const Child& first = job.children.front();
  if (!job.is_array()) {
    job.status = first.status;
    job.reason = first.reason;
    job.stopped = is_ended(first.status) ? first.stopped : std::nullopt;
    return;
  }
  const auto all = static_cast<int32_t>(job.children.size());
  const int32_t failed = job.count(Status::failed);
  if (job.count(Status::succeeded) + failed < all) {
    job.status = Status::pending;
    job.stopped.reset();
    job.reason.clear();
    return;
  }
  job.status = failed == 0 ? Status::succeeded : Status::failed;
  job.reason = failed == 0 ? "" : "Array Child Job failed";
  job.stopped = at;
}

// Of an environment, for one child more or less.
void Jobs::take_room(const Job& job, const Child& child, int children) {
  Room& room = rooms_[child.environment];
  room.vcpus += children * job.specification.vcpus;
  room.memory_mib += children * job.specification.memory_mib;
  room.children += children;
  if (room.children == 0) room.vcpus = 0;  // fractions do not add up to it
  ready_[job.specification.queue_arn].use(job.specification.share,
                                          children * job.specification.vcpus);
}

void Jobs::forget_limit(const Job& job, int32_t index) {
  const Child& child = job.children.at(static_cast<size_t>(index));
  if (job.specification.time_limit && child.started)
    limits_.erase({*child.started + *job.specification.time_limit, job.number, index});
}

void Jobs::drop(int64_t number) {
  const Job& job = *jobs_.at(number);
  by_id_.erase(job.specification.id);
  const auto token = by_token_.find(job.specification.client_token);
  if (token != by_token_.end() && token->second == number) by_token_.erase(token);
  jobs_.erase(number);
}

Result<void> Jobs::fold(const Change& change) {
  if (const auto* opened = std::get_if<JobOpened>(&change)) {
    open(opened->number, opened->shown);
    return {};
  }
  if (const auto* put = std::get_if<ResourcePut>(&change)) {
    keep(put->kind, put->shown);
    return {};
  }
  if (const auto* deleted = std::get_if<ResourceDeleted>(&change)) {
    erase(deleted->kind, deleted->arn);
    return {};
  }
  const auto* changed = std::get_if<JobChanged>(&change);
  const int64_t number = changed ? changed->number : std::get<JobForgotten>(change).number;
  const auto job = jobs_.find(number);
  if (job == jobs_.end()) return Error(ErrorCode::corrupt, "an event of a job that is not there");
  if (changed == nullptr) return drop(number), Result<void>();
  const Event& event = changed->event;
  const auto all = static_cast<int64_t>(job->second->children.size());
  if (event.first < 0 || event.count < 1 || int64_t{event.first} + event.count > all)
    return Error(ErrorCode::corrupt, "an event of children that are not there");
  apply(*job->second, event);
  return {};
}

std::vector<Jobs::Handed> Jobs::recover() {
  std::vector<Handed> handed;
  std::vector<std::tuple<Instant, int64_t, int32_t>> waiting;
  for (const auto& [number, job] : jobs_) {
    for (size_t i = 0; i < job->children.size(); ++i) {
      const Child& child = job->children[i];
      const auto index = static_cast<int32_t>(i);
      if (child.is_handed) {
        handed.push_back({job.get(), index});
        if (child.failing != Failing::none)
          effects_.emplace_back(StopChild{number, index, child.attempt});
      }
      if (!child.is_handed && child.status == Status::runnable)
        waiting.push_back({child.since, number, index});
    }
  }
  std::ranges::sort(waiting);
  for (const auto& [since, number, index] : waiting) enqueue(*jobs_.at(number), index, 1);
  return handed;
}

}  // namespace pawl::jobs
