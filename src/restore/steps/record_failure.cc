#include "base/text.h"
#include "restore/instances/instance.h"
#include "restore/steps/steps.h"

namespace pawl::restore::steps {
namespace {

// As a Catch puts it ({"Error", "Cause"}), or as two members of the input.
asl::Failure failure_of(const json::Value& event) {
  const json::Value& caught = event["error"];
  if (caught.is_object()) {
    return {caught.string_at("Error").value_or("Restore.Failed"),
            caught.string_at("Cause").value_or("")};
  }
  return {event.string_at("error").value_or("Restore.Failed"),
          event.string_at("cause").value_or("")};
}

}  // namespace

Result<Done> record_failure(Step& step) {
  const Request& request = step.request;
  const asl::Failure failure = failure_of(request.event);
  if (has_had_its_time(step)) {
    Done done{"the operation had ended before and stays as it was",
              {{"status", "FAILED"}, {"error", failure.error}, {"cause", failure.cause}}};
    done.keeps_state = false;
    return done;
  }
  // What serves is verified and stays, whatever happened afterwards.
  if (is_serving(step)) {
    const json::Value warning =
        json::Value::object({{"error", failure.error}, {"cause", failure.cause}});
    Done done{"the restored instance serves; the failure is a warning", {{"status", "SUCCEEDED"}}};
    done.warnings = {{"after_swap", warning}};
    return done;
  }
  json::Value state = request.state;
  if (request.is_new()) {
    state = json::Value::object({{"operation_id", request.operation_id},
                                 {"cluster_name", request.cluster},
                                 {"target_cluster", request.target_cluster},
                                 {"source_region", request.source_region},
                                 {"target_region", request.target_region},
                                 {"snapshot_date", request.snapshot_date},
                                 {"started", format_instant(step.services.clock.now())}});
    TRY(step.services.operations.merge(request.target_region, request.operation_id, state));
  }
  TRY(end_operation(step.services, state,
                    json::Value::object({{"status", "FAILED"},
                                         {"error", failure.error},
                                         {"cause", failure.cause},
                                         {"ended", format_instant(step.services.clock.now())}})));
  const auto serving = serving_operation(step.target(), request.target_cluster);
  return Done{concat("the restore of ", request.cluster, " failed; ",
                     serving ? concat("instance ", *serving, " goes on serving")
                             : std::string("nothing serves the target, as before")),
              {{"status", "FAILED"}, {"error", failure.error}, {"cause", failure.cause}}};
}

}  // namespace pawl::restore::steps
