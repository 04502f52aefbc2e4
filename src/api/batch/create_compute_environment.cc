#include "api/batch/compute_environments.h"
#include "api/batch/members.h"
#include "base/text.h"

namespace pawl::api::batch {

using json::Value;

Result<Value> create_compute_environment(const Call& call) {
  const Value& input = call.input;
  const std::string name = input.string_at("computeEnvironmentName").value_or("");
  if (call.jobs.environment(name) != nullptr)
    return refused(concat("Object already exists: compute environment ", name));
  TRY(check_tags(input["tags"]));
  const std::string arn = call.place.arn("compute-environment", name);
  const Value resources =
      Value::object({{"minvCpus", 0}}).merged(input["computeResources"].members());
  Value::Object shown = {{"computeEnvironmentName", name},
                         {"computeEnvironmentArn", arn},
                         {"tags", input["tags"].is_object() ? input["tags"] : Value::object()},
                         {"type", "MANAGED"},
                         {"state", input.string_at("state").value_or("ENABLED")},
                         {"status", "VALID"},
                         {"statusReason", "ComputeEnvironment Healthy"},
                         {"computeResources", resources},
                         {"containerOrchestrationType", "ECS"},
                         {"uuid", call.fresh_id}};
  if (const auto role = input.string_at("serviceRole")) shown.push_back({"serviceRole", *role});
  const Value environment(std::move(shown));
  if (input["tags"][executor_tag] == "slurm" && !call.place.has_slurm)
    return refused("this server has no executor slurm: its configuration has no table [slurm]");
  TRY(check_environment(environment));
  TRY(call.jobs.put(jobs::ResourceKind::environment, environment));
  return Value::object({{"computeEnvironmentName", name}, {"computeEnvironmentArn", arn}});
}

}  // namespace pawl::api::batch
