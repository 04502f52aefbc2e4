#pragma once

#include <string>

#include "batch/job_loop.h"
#include "engine/tasks.h"
#include "jobs/submission.h"
#include "world/clock.h"

namespace pawl::batch {

struct Identity {
  std::string account, region;
};

// SubmitJob as the API has it, with its checks: the input's members are the API's, and so are those
// of the answer (jobArn, jobId, jobName).
using Submit = std::function<Result<json::Value>(jobs::Jobs& jobs, const json::Value& input,
                                                 const jobs::Submitter& submitter, Instant now)>;

// Tasks that submit jobs and wait for them:
//
//   arn:aws:states:::batch:submitJob         → {"JobArn", "JobId", "JobName"}
//   arn:aws:states:::batch:submitJob.sync    → the job as DescribeJobs shows it; States.TaskFailed
//   arn:aws:states:::pawl:batch:waitForJobs  our own: {"JobIds": [ID, …]} → how all have ended, in
//       the order asked: {"Status": "SUCCEEDED" | "PARTLY_FAILED" | "FAILED", "Jobs": [{"JobId",
//       "JobName", "Status", "StatusReason", "Size", "Succeeded", "Failed", "FailedIndexes",
//       "FailedIndexesOmitted"}]}. It costs nothing while they run.
//
// A task that is handed over twice submits once: its id is the job's token. When the execution
// stops waiting for a .sync task, its job is terminated.
class JobTasks : public engine::TaskRunner {
 public:
  JobTasks(JobLoop& loop, world::Random& random, Identity identity, Submit submit);

  // Where task ends are told. REQUIRES: before the first start.
  void report_to(engine::TaskReports& reports) { reports_ = &reports; }

  bool accepts(std::string_view resource) const override;
  void start(engine::TaskRequest request) override;
  void cancel(std::string_view task_id) override;

 private:
  void submit(const engine::TaskRequest& request, bool waits);
  void wait_for_all(const engine::TaskRequest& request);

  JobLoop& loop_;
  world::Random& random_;
  const Identity identity_;
  const Submit submit_as_api_;
  engine::TaskReports* reports_ = nullptr;
};

}  // namespace pawl::batch
