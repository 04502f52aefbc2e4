#include <algorithm>

#include "base/text.h"
#include "jobs/describe.h"
#include "jobs/jobs.h"
#include "jobs/verdicts.h"
#include "jobs/why_failed.h"

namespace pawl::jobs {

// Those that failed only because this one did are to run again as well, and so on down the line.
void Jobs::revive(Place first, Instant now, Revival& revival) {
  std::deque<Place> failed = {first};
  const auto add = [&](const Job& waiting, int32_t from, int32_t count) {
    for (int32_t index = from; index < from + count; ++index)
      if (waiting.children[static_cast<size_t>(index)].failing == Failing::dependency)
        failed.push_back({waiting.number, index});
  };
  while (!failed.empty()) {
    const auto [number, index] = failed.front();
    failed.pop_front();
    Job& job = *jobs_.at(number);
    if (job.children.at(static_cast<size_t>(index)).status != Status::failed) continue;
    record(job, {.kind = Event::Kind::revived, .at = now, .first = index});
    revival.children.push_back({number, index});
    each_waiting(job, index, add);
    if (revival.jobs.insert(number).second) each_waiting_for_all(job, add);
  }
}

// How many are of the job itself.
int32_t Jobs::settle_revived(Revival revival, const Job& job, Instant now) {
  auto& children = revival.children;
  std::ranges::sort(children);
  int32_t own = 0;
  for (size_t first = 0, next = 0; first < children.size(); first = next) {
    const auto [number, index] = children[first];
    const auto follows = [&](size_t at) {
      return children[at] == Place(number, index + static_cast<int32_t>(at - first));
    };
    while (next < children.size() && follows(next)) ++next;
    const auto count = static_cast<int32_t>(next - first);
    if (number == job.number) own += count;
    settle(*jobs_.at(number), index, count, now);
  }
  return own;
}

// Until an executor has stopped a child for what it depends on, that may have been retried.
void Jobs::revive_if_stopped_in_vain(Job& job, int32_t index, Instant now) {
  const Child& child = job.children.at(static_cast<size_t>(index));
  if (child.status != Status::failed || child.failing != Failing::dependency) return;
  if (Verdicts(*this, job).of(index).standing == Standing::never) return;
  Revival revival;
  revive({job.number, index}, now, revival);
  settle_revived(std::move(revival), job, now);
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
  const Verdicts verdicts(*this, job);
  Revival revival;
  std::string never;  // why a child would only fail again
  int32_t never_index = first;
  for (int32_t index = first; index < first + count; ++index) {
    Verdict stands = verdicts.of(index);
    if (stands.standing == Standing::never) {
      never = std::move(stands.reason);
      never_index = index;
    } else {
      revive({job.number, index}, now, revival);
    }
  }
  const int32_t own = settle_revived(std::move(revival), job, now);
  if (own == 0 && !never.empty())
    return Error(ErrorCode::conflict, concat("ClientException: Job ", id, ": ", never),
                 concat(retry_command(root_of_failure(*this, job, never_index)),
                        " runs that one again, and then this one."));
  if (own == 0)
    return Error(ErrorCode::conflict, concat("ClientException: Job ", id, " has not failed: it is ",
                                             jobs::name(status_of(target))));
  spread(now);
  return own;
}

}  // namespace pawl::jobs
