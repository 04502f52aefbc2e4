#include "api/batch/job_queues.h"
#include "api/batch/members.h"
#include "base/text.h"

namespace pawl::api::batch {

using json::Value;

Result<Value> create_job_queue(const Call& call) {
  const Value& input = call.input;
  const std::string name = input.string_at("jobQueueName").value_or("");
  if (call.jobs.queue(name) != nullptr)
    return refused(concat("Object already exists: job queue ", name));
  TRY(check_tags(input["tags"]));
  const std::string arn = call.place.arn("job-queue", name);
  const Value order = TRY(environment_order(call));
  Value::Object shown = {{"jobQueueName", name},
                         {"jobQueueArn", arn},
                         {"state", input.string_at("state").value_or("ENABLED")},
                         {"status", "VALID"},
                         {"statusReason", "JobQueue Healthy"},
                         {"priority", input["priority"]},
                         {"computeEnvironmentOrder", order},
                         {"serviceEnvironmentOrder", Value::array()},
                         {"jobQueueType", "ECS"},
                         {"tags", input["tags"].is_object() ? input["tags"] : Value::object()},
                         {"jobStateTimeLimitActions", Value::array()}};
  if (const auto policy = input.string_at("schedulingPolicyArn"); policy && !policy->empty())
    shown.push_back({"schedulingPolicyArn", *policy});
  TRY(call.jobs.put(jobs::ResourceKind::queue, std::move(shown)));
  return Value::object({{"jobQueueName", name}, {"jobQueueArn", arn}});
}

}  // namespace pawl::api::batch
