#include "api/batch/batch.h"
#include "api/extensions/actions.h"
#include "api/fields.h"
#include "base/text.h"
#include "jobs/describe.h"
#include "jobs/why.h"

namespace pawl::api::extensions {
namespace {

using json::Value;

Result<jobs::Target> found(const jobs::Jobs& jobs, const std::string& id) {
  const jobs::Target target = jobs.find(id);
  if (target.job != nullptr) return target;
  return Error(ErrorCode::not_found, concat("JobDoesNotExist: Job ", id, " does not exist"));
}

}  // namespace

void explain_job(const Rooms& rooms, const Value& input, const Answer& answer) {
  rooms.jobs.ask<Value>(
      [id = text_of(input, "jobId")](const jobs::Jobs& jobs, Instant) -> Result<Value> {
        const jobs::Target target = TRY(found(jobs, id));
        const jobs::Why why = jobs::why(jobs, target);
        auto shown = Value::object({{"jobId", id},
                                    {"jobName", target.job->specification.name},
                                    {"status", jobs::name(jobs::status_of(target))},
                                    {"reason", why.reason}});
        return why.help.empty() ? shown : shown.with("help", why.help);
      },
      answer);
}

void submit_command(const Rooms& rooms, const Value& input, const Answer& answer) {
  rooms.jobs.ask<Value>(
      [input, place = batch::place_of(rooms), id = world::make_uuid(rooms.random)](
          jobs::Jobs& jobs, Instant now) -> Result<Value> {
        const Value definition = input["definition"], job = input["job"];
        const Value made =
            TRY(batch::perform("RegisterJobDefinition", {jobs, now, definition, place, id}));
        const Value arn = made["jobDefinitionArn"];
        const Value whole = job.is_object() ? job.with("jobDefinition", arn) : Value::object();
        auto submitted = batch::perform("SubmitJob", {jobs, now, whole, place, id});
        if (!submitted) TRY(jobs.remove(jobs::ResourceKind::definition, std::string(arn.string())));
        return submitted;
      },
      answer);
}

void retry_failed_job(const Rooms& rooms, const Value& input, const Answer& answer) {
  rooms.jobs.ask<Value>(
      [id = text_of(input, "jobId")](jobs::Jobs& jobs, Instant now) -> Result<Value> {
        TRY(found(jobs, id));
        const int32_t retried = TRY(jobs.retry_failed(id, now));
        return Value::object({{"jobId", id}, {"retried", retried}});
      },
      answer);
}

void draw_jobs(const Rooms& rooms, const Value& input, const Answer& answer) {
  rooms.jobs.ask<Value>(
      [ids = input["jobs"]](const jobs::Jobs& jobs, Instant) -> Result<Value> {
        Value::Array drawn;
        if (!ids.is_array()) return Value::object({{"jobs", drawn}});
        for (const Value& id : ids.elements()) {
          const auto target = jobs.find(id.is_string() ? id.string() : std::string_view());
          if (target.job == nullptr) continue;
          const jobs::Target whole{target.job, std::nullopt};
          drawn.push_back(jobs::summary(whole).with("letters", jobs::status_letters(*target.job)));
        }
        return Value::object({{"jobs", std::move(drawn)}});
      },
      answer);
}

}  // namespace pawl::api::extensions
