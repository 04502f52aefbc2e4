#include "base/text.h"
#include "restore/instances/instance.h"
#include "restore/steps/steps.h"

namespace pawl::restore::steps {

Result<Done> swap_cluster(Step& step) {
  const Request& request = step.request;
  Services& services = step.services;
  // It may have been lost to another operation since: then this one may not swap any more.
  if (!is_serving(step)) TRY(take_target(step));
  const Endpoint endpoint = TRY(
      services.provider.swap(request.operation_id, request.target_region, request.target_cluster));
  const auto instance = read_instance(step.target(), request.operation_id);
  const std::string replaced = instance ? instance->replaces : "";
  const std::string now = format_instant(services.clock.now());
  Done done{concat(request.target_cluster, " is served by the restored instance at ",
                   endpoint.address, ":", endpoint.port),
            {{"status", "SUCCEEDED"},
             {"endpoint", json::Value::object({{"host", endpoint.host},
                                               {"address", endpoint.address},
                                               {"port", endpoint.port}})},
             {"replaced_instance", replaced.empty() ? json::Value() : json::Value(replaced)},
             {"swapped_at", request.text("swapped_at").value_or(now)},
             {"ended", now}}};
  if (const auto removed = remove_left_overs(step); !removed) {
    done.warn("left_overs", removed.error().text());
  }
  // Once its state says that it has ended, the operation holds the target no longer.
  TRY(services.operations.merge(request.target_region, request.operation_id,
                                json::Value(done.members)));
  TRY(services.target_lock.release(request.target_region, request.target_cluster,
                                   request.operation_id));
  return done;
}

}  // namespace pawl::restore::steps
