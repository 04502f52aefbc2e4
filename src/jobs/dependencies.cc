#include "base/text.h"
#include "jobs/describe.h"
#include "jobs/jobs.h"

namespace pawl::jobs {
// A dependency on a job that has been forgotten is one on a job that succeeded: no other is
// forgotten while a job that has not succeeded depends on it.
std::optional<Target> Jobs::depends_on(const Dependency& dependency, const Job& job,
                                       int32_t index) const {
  if (dependency.job_id.empty()) {
    if (index == 0) return std::nullopt;
    return Target{&job, index - 1};
  }
  Target on = find(dependency.job_id);
  if (on.job == nullptr) return std::nullopt;
  on.index = dependency.kind == Dependency::Kind::n_to_n ? index : dependency.index;
  return on;
}

Jobs::Verdict Jobs::verdict_on(const Target& on) {
  const Status status = status_of(on);
  if (status == Status::succeeded) return {Standing::ready, ""};
  if (status != Status::failed) return {Standing::waits, ""};
  const Child* failed = on.index ? &on.job->children.at(static_cast<size_t>(*on.index)) : nullptr;
  // Down a line of dependencies all name the one that began it.
  if (failed != nullptr && failed->failing == Failing::dependency)
    return {Standing::never, failed->reason};
  const std::string& why = failed != nullptr ? failed->reason : on.job->reason;
  return {Standing::never,
          concat("Dependent Job failed: ", id_of(on), why.empty() ? "" : ", ", why)};
}

Jobs::Verdict Jobs::verdict(const Job& job, int32_t index) const {
  Verdict whole{Standing::ready, ""};
  for (const Dependency& dependency : job.specification.dependencies) {
    const auto on = depends_on(dependency, job, index);
    if (!on) continue;
    Verdict one = verdict_on(*on);
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

// The children that wait for this one, as a range of each job that has some.
void Jobs::each_waiting(const Job& on, int32_t index, const Visit& visit) {
  for (const Dependency& dependency : on.specification.dependencies)
    if (dependency.job_id.empty() && index + 1 < on.specification.size)
      visit(*jobs_.at(on.number), dependency, index + 1, 1);
  for (const int64_t number : on.dependants) {
    const auto found = jobs_.find(number);
    if (found == jobs_.end()) continue;
    Job& dependant = *found->second;
    const auto all = static_cast<int32_t>(dependant.children.size());
    for (const Dependency& dependency : dependant.specification.dependencies) {
      if (dependency.job_id != on.specification.id) continue;
      if (dependency.kind == Dependency::Kind::n_to_n)
        visit(dependant, dependency, index, 1);
      else
        visit(dependant, dependency, 0, all);
    }
  }
}

// Who depends on what has ended moves on, and those that depend on them, one after another: a
// sequence may be 10,000 long.
void Jobs::spread(Instant now) {
  while (!ended_.empty()) {
    const auto [number, index] = ended_.front();
    ended_.pop_front();
    const Job& job = *jobs_.at(number);
    each_waiting(
        job, index,
        [&, at = index](Job& waiting, const Dependency& dependency, int32_t first, int32_t count) {
          const bool is_plain = dependency.kind == Dependency::Kind::plain;
          const bool has_come = dependency.index ? *dependency.index == at : is_ended(job.status);
          if (!is_plain || has_come) settle(waiting, first, count, now);
        });
  }
}

bool Jobs::gates(const Job& job) const {
  const Queue* on = queue(job.specification.queue_arn);
  if (on == nullptr || on->environments.size() != 1) return false;
  const Environment* only = environment(on->environments.front());
  return only != nullptr && gates_(only->executor);
}

}  // namespace pawl::jobs
