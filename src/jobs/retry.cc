#include "base/text.h"
#include "jobs/jobs.h"

namespace pawl::jobs {

// Those that failed only because this one did are to run again as well, and so on down the line.
void Jobs::revive(Job& job, int32_t index, Instant now) {
  std::deque<std::pair<int64_t, int32_t>> failed = {{job.number, index}};
  while (!failed.empty()) {
    const auto [number, at] = failed.front();
    failed.pop_front();
    Job& of = *jobs_.at(number);
    if (of.children.at(static_cast<size_t>(at)).status != Status::failed) continue;
    record(of, {.kind = Event::Kind::revived, .at = now, .first = at});
    revived_.push_back({number, at});
    const auto also = [&](const Job& dependant, int32_t child) {
      if (dependant.children[static_cast<size_t>(child)].failing == Failing::dependency)
        failed.push_back({dependant.number, child});
    };
    for (const Dependency& dependency : of.specification.dependencies)
      if (dependency.job_id.empty() && at + 1 < of.specification.size) also(of, at + 1);
    for (const int64_t dependant_number : of.dependants) {
      const auto dependant = jobs_.find(dependant_number);
      if (dependant == jobs_.end()) continue;
      for (const Dependency& dependency : dependant->second->specification.dependencies) {
        if (dependency.job_id != of.specification.id) continue;
        if (dependency.kind == Dependency::Kind::n_to_n) {
          also(*dependant->second, at);
          continue;
        }
        const auto all = static_cast<int32_t>(dependant->second->children.size());
        for (int32_t child = 0; child < all; ++child) also(*dependant->second, child);
      }
    }
  }
}

Result<int32_t> Jobs::retry_failed(std::string_view id, Instant now) {
  const Target target = find(id);
  if (target.job == nullptr)
    return Error(ErrorCode::not_found, concat("ClientException: Job ", id, " does not exist"));
  Job& job = *jobs_.at(target.job->number);
  if (queue(job.specification.queue_arn) == nullptr)
    return Error(ErrorCode::conflict,
                 concat("ClientException: the queue of job ", id, " has been deleted"));
  const int32_t first = target.index.value_or(0);
  const int32_t count = target.index ? 1 : static_cast<int32_t>(job.children.size());
  std::string never;  // why a child would only fail again
  for (int32_t index = first; index < first + count; ++index) {
    Verdict stands = verdict(job, index);
    if (stands.standing == Standing::never)
      never = std::move(stands.reason);
    else
      revive(job, index, now);
  }
  int32_t own = 0;
  for (const auto& [number, index] : std::exchange(revived_, {})) {
    if (number == job.number) ++own;
    settle(*jobs_.at(number), index, 1, now);
  }
  if (own == 0 && !never.empty())
    return Error(ErrorCode::conflict, concat("ClientException: Job ", id, ": ", never));
  if (own == 0)
    return Error(ErrorCode::conflict, concat("ClientException: Job ", id, " has not failed"));
  spread(now);
  return own;
}

}  // namespace pawl::jobs
