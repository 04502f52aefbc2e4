#include "batch/job_tasks.h"

#include "base/text.h"
#include "batch/members.h"
#include "jobs/describe.h"
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

Value submitted(const jobs::Job& job) {
  return Value::object({{"JobArn", job.specification.arn},
                        {"JobId", job.specification.id},
                        {"JobName", job.specification.name}});
}

asl::Outcome<Value> end_of(const jobs::Job* job) {
  if (job == nullptr) return asl::Failure{"States.TaskFailed", "the job has been forgotten"};
  Value shown = as_in_tasks(jobs::described({job, std::nullopt}));
  if (job->status == jobs::Status::succeeded) return shown;
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

// Waits for one job after another: in whichever order they end, all have when the last has been
// asked for.
class Waiting : public std::enable_shared_from_this<Waiting> {
 public:
  Waiting(JobLoop& loop, engine::TaskReports& reports, std::string task_id,
          std::vector<std::string> ids)
      : loop_(loop), reports_(reports), task_id_(std::move(task_id)), ids_(std::move(ids)) {}

  void wait_from(size_t place) {
    if (place == ids_.size()) return finish();
    loop_.when_ended(ids_[place], [self = shared_from_this(), place](const jobs::Job* job) {
      if (job == nullptr)
        return self->reports_.finished(
            self->task_id_, asl::Failure{"Batch.ClientException",
                                         concat("Job ", self->ids_[place], " does not exist")});
      self->wait_from(place + 1);
    });
  }

 private:
  void finish() {
    loop_.ask<Value>(
        [ids = ids_](jobs::Jobs& jobs, Instant) -> Result<Value> {
          Value::Array all;
          int64_t succeeded = 0, failed = 0;
          bool all_ended = true;
          for (const std::string& id : ids) {
            const jobs::Job* job = jobs.find(id).job;
            if (job == nullptr) continue;
            all_ended = all_ended && jobs::is_ended(job->status);
            all.push_back(summary_of(*job));
            succeeded += job->count(jobs::Status::succeeded);
            failed += job->count(jobs::Status::failed);
          }
          // One that had ended runs again: it was retried by hand meanwhile.
          if (!all_ended) return Value();
          const char* status = failed == 0      ? "SUCCEEDED"
                               : succeeded == 0 ? "FAILED"
                                                : "PARTLY_FAILED";
          return Value::object({{"Status", status}, {"Jobs", std::move(all)}});
        },
        [self = shared_from_this()](const Result<Value>& result) {
          if (!result) return;
          if (result->is_null()) return self->wait_from(0);
          self->reports_.finished(self->task_id_, *result);
        });
  }

  JobLoop& loop_;
  engine::TaskReports& reports_;
  const std::string task_id_;
  const std::vector<std::string> ids_;
};

}  // namespace

JobTasks::JobTasks(JobLoop& loop, world::Random& random, Identity identity)
    : loop_(loop), random_(random), identity_(std::move(identity)) {}

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
      [input = as_in_api(request.input), submitter](jobs::Jobs& jobs,
                                                    Instant now) -> Result<Value> {
        const auto shown = TRY(jobs::resolve(jobs, input, submitter, now));
        return submitted(*jobs.find(TRY(jobs.submit(shown, now))).job);
      },
      [this, id = request.id, waits](const Result<Value>& result) {
        if (!result) {
          // A server that stops leaves the task open, for the next one.
          if (result.error().code() == ErrorCode::unavailable) return;
          return reports_->finished(id, failure_of(result.error()));
        }
        if (!waits) return reports_->finished(id, *result);
        reports_->submitted(id, *result);
        loop_.when_ended(result->string_at("JobId").value_or(""),
                         [this, id](const jobs::Job* job) { reports_->finished(id, end_of(job)); });
      });
}

void JobTasks::wait_for_all(const engine::TaskRequest& request) {
  std::vector<std::string> ids;
  const Value asked = request.input["JobIds"];
  bool is_right = asked.is_array() && asked.size() > 0;
  if (is_right)
    for (const Value& id : asked.elements()) {
      is_right = is_right && id.is_string();
      if (id.is_string()) ids.emplace_back(id.string());
    }
  if (!is_right)
    return reports_->finished(
        request.id, asl::Failure{"Batch.ClientException", "JobIds must be a list of job ids"});
  std::make_shared<Waiting>(loop_, *reports_, request.id, std::move(ids))->wait_from(0);
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
