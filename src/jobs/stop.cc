#include "jobs/jobs.h"

namespace pawl::jobs {

// It has not run, and will not.
void Jobs::fail_unstarted(Job& job, int32_t index, Failing failing, const std::string& reason,
                          Instant now) {
  record(
      job,
      {.kind = Event::Kind::failed, .at = now, .first = index, .failing = failing, .text = reason});
  ended_.push_back({job.number, index});
}

// Its executor has it: what becomes of it is told later.
void Jobs::stop_child(Job& job, int32_t index, Failing failing, const std::string& reason,
                      Instant now) {
  const Child& child = job.children.at(static_cast<size_t>(index));
  if (child.failing != Failing::none) return;  // it is being stopped
  record(job, {.kind = Event::Kind::stopping,
               .at = now,
               .first = index,
               .failing = failing,
               .text = reason});
  effects_.emplace_back(StopChild{job.number, index, child.attempt});
}

// What has begun is not cancelled ("CancelJob" in the AWS Batch API reference): neither a job nor a
// child. An array is, because it is PENDING until its end; those of its children that have begun go
// on, and are not tried again. Terminating stops what runs, too.
void Jobs::end_early(std::string_view id, const std::string& reason, Failing failing, Instant now) {
  const Target target = find(id);
  if (target.job == nullptr || is_ended(target.job->status)) return;
  Job& job = *jobs_.at(target.job->number);
  const bool is_whole = !target.index;
  const bool is_cancelled = failing == Failing::cancelled;
  if (is_cancelled && job.status >= Status::starting) return;
  if (is_whole)
    record(job, {.kind = is_cancelled ? Event::Kind::cancelled : Event::Kind::terminated,
                 .at = now,
                 .text = reason});
  const int32_t first = target.index.value_or(0);
  const int32_t count = is_whole ? static_cast<int32_t>(job.children.size()) : 1;
  for (int32_t index = first; index < first + count; ++index) {
    const Child& child = job.children[static_cast<size_t>(index)];
    if (is_ended(child.status)) continue;
    const bool waits = child.status <= Status::runnable;
    if (!child.is_handed)
      fail_unstarted(job, index, failing, reason, now);
    else if (waits || !is_cancelled)
      stop_child(job, index, failing, reason, now);
  }
  spread(now);
}

void Jobs::cancel(std::string_view id, const std::string& reason, Instant now) {
  end_early(id, reason, Failing::cancelled, now);
}

void Jobs::terminate(std::string_view id, const std::string& reason, Instant now) {
  end_early(id, reason, Failing::terminated, now);
}

}  // namespace pawl::jobs
