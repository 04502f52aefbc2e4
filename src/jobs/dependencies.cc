#include "jobs/jobs.h"
#include "jobs/verdicts.h"

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

// Children that wait are ready now, or never will be.
void Jobs::settle(Job& job, int32_t first, int32_t count, Instant now) {
  const Verdicts verdicts(*this, job);
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
    const Verdict now_stands = waits ? verdicts.of(index) : Verdict{Standing::waits};
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
      visit(*jobs_.at(on.number), index + 1, 1);
  each_dependency(on, [&](Job& waiting, const Dependency& dependency) {
    if (dependency.kind == Dependency::Kind::n_to_n)
      visit(waiting, index, 1);
    else if (dependency.index == index)
      visit(waiting, 0, static_cast<int32_t>(waiting.children.size()));
  });
}

// And those that wait for all of the job. There may be 10,000 of them for each of its own 10,000,
// so they are not among those that wait for one.
void Jobs::each_waiting_for_all(const Job& on, const Visit& visit) {
  each_dependency(on, [&](Job& waiting, const Dependency& dependency) {
    if (dependency.kind == Dependency::Kind::plain && !dependency.index)
      visit(waiting, 0, static_cast<int32_t>(waiting.children.size()));
  });
}

void Jobs::each_dependency(const Job& on,
                           const std::function<void(Job&, const Dependency&)>& visit) {
  for (const int64_t number : on.dependants) {
    const auto dependant = jobs_.find(number);
    if (dependant == jobs_.end()) continue;
    for (const Dependency& dependency : dependant->second->specification.dependencies)
      if (dependency.job_id == on.specification.id) visit(*dependant->second, dependency);
  }
}

// Who depends on what has ended moves on, and those that depend on them, one after another: a
// sequence may be 10,000 long.
void Jobs::spread(Instant now) {
  const auto visit = [&](Job& waiting, int32_t first, int32_t count) {
    settle(waiting, first, count, now);
  };
  std::set<int64_t> whole;  // whose end has been passed on to who waits for all of it
  while (!ended_.empty()) {
    const auto [number, index] = ended_.front();
    ended_.pop_front();
    const Job& job = *jobs_.at(number);
    each_waiting(job, index, visit);
    if (is_ended(job.status) && whole.insert(number).second) each_waiting_for_all(job, visit);
  }
}

bool Jobs::gates(const Job& job) const {
  const Queue* on = queue(job.specification.queue_arn);
  if (on == nullptr || on->environments.size() != 1) return false;
  const Environment* only = environment(on->environments.front());
  return only != nullptr && gates_(only->executor);
}

}  // namespace pawl::jobs
