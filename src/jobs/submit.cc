#include "base/text.h"
#include "jobs/jobs.h"
#include "jobs/shown.h"

namespace pawl::jobs {

// "Array jobs" and "Job dependencies" in the AWS Batch user guide.
Result<void> Jobs::check_dependency(const Specification& job, const Dependency& dependency) const {
  if (dependency.job_id.empty()) {
    if (dependency.kind != Dependency::Kind::sequential)
      return refused("a dependency needs a jobId, unless its type is SEQUENTIAL");
    if (job.size == 0) return refused("only an array job can be SEQUENTIAL");
    return {};
  }
  if (dependency.kind == Dependency::Kind::sequential)
    return refused("a SEQUENTIAL dependency has no jobId: it is one among an array's children");
  const Target on = find(dependency.job_id);
  if (on.job == nullptr) return refused(concat("Job ", dependency.job_id, " does not exist"));
  const int32_t size = on.job->specification.size;
  if (dependency.index && (*dependency.index < 0 || *dependency.index >= size))
    return refused(concat("Job ", dependency.job_id, " has no child ", *dependency.index));
  if (dependency.kind != Dependency::Kind::n_to_n) return {};
  if (dependency.index)
    return refused(concat("an N_TO_N dependency is on an array, not on its child ",
                          *dependency.index, ": leave the index or the type out"));
  const auto shown = [](int32_t of) { return of == 0 ? "is no array" : concat("has ", of); };
  if (size == 0 || size != job.size)
    return refused(concat("an N_TO_N dependency needs arrays of the same size: this one ",
                          shown(job.size), ", job ", dependency.job_id, " ", shown(size)));
  return {};
}

Result<std::string> Jobs::submit(json::Value shown, Instant now) {
  const Specification wanted(shown);
  if (!wanted.client_token.empty())
    if (const auto same = by_token_.find(wanted.client_token); same != by_token_.end())
      return jobs_.at(same->second)->specification.id;
  const Queue* on = queue(wanted.queue_arn);
  if (on == nullptr) return refused(concat("JobQueue ", wanted.queue_arn, " not found."));
  if (!on->is_enabled) return refused(concat("JobQueue ", on->name, " is not enabled."));
  if (wanted.command.empty())
    return refused("the job has no command: neither its definition nor its overrides have one");
  for (const Dependency& dependency : wanted.dependencies)
    TRY(check_dependency(wanted, dependency));

  const int64_t number = next_number_;
  changes_.emplace_back(JobOpened{number, shown});
  Job& job = open(number, std::move(shown));
  settle(job, 0, static_cast<int32_t>(job.children.size()), now);
  hand_gated(job, now);
  spread(now);
  return job.specification.id;
}

}  // namespace pawl::jobs
