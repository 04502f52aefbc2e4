#include "api/batch/compute_environments.h"
#include "base/text.h"

namespace pawl::api::batch {

Result<json::Value> delete_compute_environment(const Call& call) {
  const jobs::Environment* environment = TRY(environment_of(call));
  if (environment->is_enabled)
    return refused(concat("Cannot delete, compute environment ", environment->name,
                          " is ENABLED: update its state to DISABLED first"));
  if (call.jobs.vcpus_used(environment->arn) > 0)
    return refused(concat("Cannot delete, jobs run in compute environment ", environment->name));
  TRY(call.jobs.remove(jobs::ResourceKind::environment, std::string(environment->arn)));
  return json::Value::object();
}

}  // namespace pawl::api::batch
