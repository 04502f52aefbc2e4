#include "base/text.h"
#include "jobs/jobs.h"

namespace pawl::jobs {
namespace {

std::string child_name(const Job& job, std::optional<int32_t> index) {
  return index && job.is_array() ? concat(job.specification.id, ":", *index) : job.specification.id;
}

std::string failed_reason(const Job& on, std::optional<int32_t> index, const std::string& why) {
  return concat("Dependent Job failed: ", child_name(on, index), why.empty() ? "" : ", ", why);
}

}  // namespace

// What one child waits for. A dependency on a job that has been forgotten is one on a job that
// succeeded: only those are forgotten while somebody depends on them.
Jobs::Verdict Jobs::verdict_on(const Dependency& dependency, const Job& job, int32_t index) const {
  const Job* on = &job;
  std::optional<int32_t> on_index = dependency.index;
  if (dependency.job_id.empty()) {
    if (index == 0) return {Standing::ready, ""};
    on_index = index - 1;
  } else {
    const auto found = by_id_.find(dependency.job_id);
    if (found == by_id_.end()) return {Standing::ready, ""};
    on = jobs_.at(found->second).get();
    if (dependency.kind == Dependency::Kind::n_to_n) on_index = index;
  }
  const bool is_one = on_index && static_cast<size_t>(*on_index) < on->children.size();
  const Status status = is_one ? on->children[static_cast<size_t>(*on_index)].status : on->status;
  if (status == Status::succeeded) return {Standing::ready, ""};
  if (status != Status::failed) return {Standing::waits, ""};
  if (!is_one) return {Standing::never, failed_reason(*on, on_index, on->reason)};
  const Child& failed = on->children[static_cast<size_t>(*on_index)];
  // Down a line of dependencies all name the one that began it.
  if (failed.failing == Failing::dependency) return {Standing::never, failed.reason};
  return {Standing::never, failed_reason(*on, on_index, failed.reason)};
}

Jobs::Verdict Jobs::verdict(const Job& job, int32_t index) const {
  Verdict whole{Standing::ready, ""};
  for (const Dependency& dependency : job.specification.dependencies) {
    Verdict one = verdict_on(dependency, job, index);
    if (one.standing == Standing::never) return one;
    if (one.standing == Standing::waits) whole = std::move(one);
  }
  return whole;
}

// Children that wait are ready now, or never will be.
void Jobs::settle(Job& job, int32_t first, int32_t count, Instant now) {
  int32_t ready_from = first, ready = 0;
  const auto flush = [&] {
    if (ready == 0) return;
    record(job, {.kind = Event::Kind::ready, .at = now, .first = ready_from, .count = ready});
    enqueue(job, ready_from, ready);
    ready = 0;
  };
  for (int32_t index = first; index < first + count; ++index) {
    const Child& child = job.children.at(static_cast<size_t>(index));
    const bool waits = child.status == Status::pending;
    const Verdict now_stands = waits ? verdict(job, index) : Verdict{Standing::waits, ""};
    if (now_stands.standing == Standing::ready && !child.is_handed) {
      if (ready++ == 0) ready_from = index;
      continue;
    }
    flush();
    if (now_stands.standing != Standing::never) continue;
    if (child.is_handed)
      stop_child(job, index, Failing::dependency, now_stands.reason, now);
    else
      fail_unstarted(job, index, Failing::dependency, now_stands.reason, now);
  }
  flush();
}

// Who depends on what has ended moves on, and those that depend on them, one after another: a
// sequence may be 10,000 long.
void Jobs::spread(Instant now) {
  while (!ended_.empty()) {
    const auto [number, index] = ended_.front();
    ended_.pop_front();
    const Job& job = *jobs_.at(number);
    for (const Dependency& dependency : job.specification.dependencies)
      if (dependency.job_id.empty() && index + 1 < job.specification.size)
        settle(*jobs_.at(number), index + 1, 1, now);
    for (const int64_t dependant : job.dependants)
      if (const auto found = jobs_.find(dependant); found != jobs_.end())
        settle_on(*found->second, job, index, now);
  }
}

void Jobs::settle_on(Job& dependant, const Job& job, int32_t index, Instant now) {
  const auto all = static_cast<int32_t>(dependant.children.size());
  for (const Dependency& dependency : dependant.specification.dependencies) {
    if (dependency.job_id != job.specification.id) continue;
    if (dependency.kind == Dependency::Kind::n_to_n) {
      settle(dependant, index, 1, now);
    } else if (dependency.index ? *dependency.index == index : is_ended(job.status)) {
      settle(dependant, 0, all, now);
    }
  }
}

bool Jobs::gates(const Job& job) const {
  const Queue* on = queue(job.specification.queue_arn);
  if (on == nullptr || on->environments.size() != 1) return false;
  const Environment* only = environment(on->environments.front());
  return only != nullptr && gates_(only->executor);
}

}  // namespace pawl::jobs
