#include "batch/job_tasks.h"

#include <algorithm>

#include "base/text.h"
#include "batch/members.h"
#include "jobs/describe.h"
#include "jobs/shown.h"
#include "jobs/submission.h"
#include "json/write.h"

namespace pawl::batch {
namespace {

using json::Value;

constexpr std::string_view submit_resource = "arn:aws:states:::batch:submitJob";
constexpr std::string_view submit_and_wait_resource = "arn:aws:states:::batch:submitJob.sync";
constexpr std::string_view wait_resource = "arn:aws:states:::pawl:batch:waitForJobs";
constexpr size_t indexes_shown_max = 1000;

// "ClientException: why" as a failure that a workflow may catch.
asl::Failure failure_of(const Error& error) {
  constexpr std::string_view code = "ClientException: ";
  const std::string& message = error.message();
  if (message.starts_with(code)) return {"Batch.ClientException", message.substr(code.size())};
  return {"Batch.ServerException", error.text()};
}

// What SubmitJob answers.
Value submitted(const jobs::Job& job) {
  return Value::object({{"jobArn", job.specification.arn},
                        {"jobId", job.specification.id},
                        {"jobName", job.specification.name}});
}

asl::Failure not_there(const std::string& id) {
  return {"Batch.ClientException",
          concat("Job ", id,
                 " does not exist: it was never submitted, or it ended long ago and has "
                 "been forgotten, which jobs.keep_ended says when")};
}

asl::Outcome<Value> end_of(const jobs::Job& job) {
  Value shown = as_in_tasks(jobs::described({&job, std::nullopt}));
  if (job.status == jobs::Status::succeeded) return shown;
  return asl::Failure{"States.TaskFailed", json::write(shown)};
}

Value summary_of(const jobs::Job& job) {
  Value::Array failed;
  for (size_t i = 0; i < job.children.size() && failed.size() < indexes_shown_max; ++i)
    if (job.is_array() && job.children[i].status == jobs::Status::failed) failed.push_back(i);
  const int32_t count = job.count(jobs::Status::failed);
  const auto omitted = job.is_array() ? count - static_cast<int32_t>(failed.size()) : 0;
  return Value::object({{"JobId", job.specification.id},
                        {"JobName", job.specification.name},
                        {"Status", jobs::name(job.status)},
                        {"StatusReason", job.reason},
                        {"Size", job.children.size()},
                        {"Succeeded", job.count(jobs::Status::succeeded)},
                        {"Failed", count},
                        {"FailedIndexes", std::move(failed)},
                        {"FailedIndexesOmitted", omitted}});
}

Value summary_of(const std::vector<const jobs::Job*>& all) {
  Value::Array summaries;
  int64_t succeeded = 0, failed = 0;
  for (const jobs::Job* job : all) {
    summaries.push_back(summary_of(*job));
    succeeded += job->count(jobs::Status::succeeded);
    failed += job->count(jobs::Status::failed);
  }
  const char* status = failed == 0 ? "SUCCEEDED" : succeeded == 0 ? "FAILED" : "PARTLY_FAILED";
  return Value::object({{"Status", status}, {"Jobs", std::move(summaries)}});
}

Result<std::vector<std::string>> jobs_of(const Value& asked) {
  if (!asked.is_array() || asked.size() == 0) return jobs::refused("JobIds must be a list of ids");
  std::vector<std::string> ids;
  for (const Value& id : asked.elements()) {
    if (!id.is_string()) return jobs::refused("JobIds must be a list of ids");
    if (id.string().find(':') != std::string_view::npos)
      return jobs::refused(concat("JobIds names jobs, and ", id.string(),
                                  " is a child: an array ends when all its children have"));
    ids.emplace_back(id.string());
  }
  return ids;
}

}  // namespace

JobTasks::JobTasks(JobLoop& loop, world::Random& random, Identity identity, Submit submit)
    : loop_(loop),
      random_(random),
      identity_(std::move(identity)),
      submit_as_api_(std::move(submit)) {}

bool JobTasks::accepts(std::string_view resource) const {
  return resource == submit_resource || resource == submit_and_wait_resource ||
         resource == wait_resource;
}

void JobTasks::start(engine::TaskRequest request) {
  if (request.resource == wait_resource) return wait_for_all(request);
  submit(request, request.resource == submit_and_wait_resource);
}

void JobTasks::submit(const engine::TaskRequest& request, bool waits) {
  const jobs::Submitter submitter{world::make_uuid(random_), identity_.account, identity_.region,
                                  request.id};
  loop_.ask<Value>(
      [this, input = as_in_api(request.input), submitter](jobs::Jobs& jobs,
                                                          Instant now) -> Result<Value> {
        // Before anything is checked: its definition and queue may be gone by now.
        const jobs::Job* same = jobs.job_of_token(submitter.client_token);
        return as_in_tasks(same != nullptr ? submitted(*same)
                                           : TRY(submit_as_api_(jobs, input, submitter, now)));
      },
      [this, id = request.id, waits](const Result<Value>& result) {
        if (!result) {
          // A server that stops leaves the task open, for the next one.
          if (result.error().code() == ErrorCode::unavailable) return;
          return reports_->finished(id, failure_of(result.error()));
        }
        if (!waits) return reports_->finished(id, *result);
        reports_->submitted(id, *result);
        const std::string job_id = result->string_at("JobId").value_or("");
        loop_.when_ended({job_id}, [this, id, job_id](const std::vector<const jobs::Job*>& ended) {
          const jobs::Job* job = ended.front();
          reports_->finished(id, job != nullptr ? end_of(*job) : not_there(job_id));
        });
      });
}

void JobTasks::wait_for_all(const engine::TaskRequest& request) {
  auto asked = jobs_of(request.input["JobIds"]);
  if (!asked) return reports_->finished(request.id, failure_of(asked.error()));
  const std::vector<std::string> ids = *std::move(asked);
  loop_.when_ended(ids, [this, id = request.id, ids](const std::vector<const jobs::Job*>& ended) {
    const auto absent = std::ranges::find(ended, nullptr);
    if (absent == ended.end()) return reports_->finished(id, summary_of(ended));
    reports_->finished(id, not_there(ids[static_cast<size_t>(absent - ended.begin())]));
  });
}

void JobTasks::cancel(std::string_view task_id) {
  loop_.ask<bool>(
      [token = std::string(task_id)](jobs::Jobs& jobs, Instant now) -> Result<bool> {
        const jobs::Job* job = jobs.job_of_token(token);
        if (job == nullptr) return false;
        jobs.terminate(job->specification.id, "The execution no longer waits for it", now);
        return true;
      },
      [](const Result<bool>&) {});
}

}  // namespace pawl::batch
