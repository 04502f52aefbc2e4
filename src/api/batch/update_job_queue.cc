#include "api/batch/job_queues.h"
#include "api/batch/members.h"
#include "base/text.h"

namespace pawl::api::batch {

using json::Value;

Result<Value> update_job_queue(const Call& call) {
  const jobs::Queue* queue = TRY(queue_of(call));
  const std::string name = queue->name, arn = queue->arn;
  const auto policy = call.input.string_at("schedulingPolicyArn");
  // "A job queue without a scheduling policy can't be given one later", and the reverse.
  if (policy && policy->empty() != queue->policy.empty())
    return refused(concat("job queue ", name, " was created ",
                          queue->policy.empty() ? "without" : "with",
                          " a scheduling policy, which cannot be changed"));
  constexpr std::string_view changed[] = {"state", "priority", "schedulingPolicyArn"};
  Value shown = queue->shown.merged(given(call.input, changed));
  if (call.input.find("computeEnvironmentOrder") != nullptr)
    shown = shown.with("computeEnvironmentOrder", TRY(environment_order(call)));
  TRY(call.jobs.put(jobs::ResourceKind::queue, shown));
  return Value::object({{"jobQueueName", name}, {"jobQueueArn", arn}});
}

}  // namespace pawl::api::batch
