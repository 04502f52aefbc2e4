#include "api/batch/compute_environments.h"
#include "api/batch/members.h"

namespace pawl::api::batch {

using json::Value;

Result<Value> update_compute_environment(const Call& call) {
  const jobs::Environment* environment = TRY(environment_of(call));
  const std::string name = environment->name, arn = environment->arn;
  constexpr std::string_view changed[] = {"state", "serviceRole"};
  Value shown = environment->shown.merged(given(call.input, changed));
  if (const Value resources = call.input["computeResources"]; resources.is_object())
    shown = shown.with("computeResources", shown["computeResources"].merged(resources.members()));
  TRY(check_environment(shown));
  TRY(call.jobs.put(jobs::ResourceKind::environment, shown));
  return Value::object({{"computeEnvironmentName", name}, {"computeEnvironmentArn", arn}});
}

}  // namespace pawl::api::batch
