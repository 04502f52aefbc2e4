#include "base/text.h"
#include "jobs/jobs.h"

namespace pawl::jobs {

// Those that failed only because this one did are to run again as well, and so on down the line.
void Jobs::revive(Place first, Instant now, std::vector<Place>& revived) {
  std::deque<Place> failed = {first};
  while (!failed.empty()) {
    const auto [number, index] = failed.front();
    failed.pop_front();
    Job& job = *jobs_.at(number);
    if (job.children.at(static_cast<size_t>(index)).status != Status::failed) continue;
    record(job, {.kind = Event::Kind::revived, .at = now, .first = index});
    revived.push_back({number, index});
    each_waiting(
        job, index, [&](const Job& waiting, const Dependency&, int32_t from, int32_t count) {
          for (int32_t child = from; child < from + count; ++child)
            if (waiting.children[static_cast<size_t>(child)].failing == Failing::dependency)
              failed.push_back({waiting.number, child});
        });
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
  std::vector<Place> revived;
  std::string never;  // why a child would only fail again
  for (int32_t index = first; index < first + count; ++index) {
    Verdict stands = verdict(job, index);
    if (stands.standing == Standing::never)
      never = std::move(stands.reason);
    else
      revive({job.number, index}, now, revived);
  }
  int32_t own = 0;
  for (const auto& [number, index] : revived) {
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
