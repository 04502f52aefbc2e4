#include "base/text.h"
#include "restore/instances/instance.h"
#include "restore/steps/steps.h"

namespace pawl::restore::steps {
namespace {

// What the caller wished for at the beginning, so that later steps know it whatever they are given.
constexpr std::string_view wishes[] = {"publish",         "archive",  "cleanup_snapshot",
                                       "cleanup_logs",    "batch_id", "cleanup_state_data",
                                       "cleanup_instance"};

Error still_busy(std::string_view what) {
  return Error(ErrorCode::timed_out, concat("the snapshot is still being ", what),
               "Call the step again, or give it more time.");
}

Result<Snapshot> found_again(Step& step, const std::string& region) {
  return step.services.provider.find_snapshot(region, step.request.cluster,
                                              step.request.snapshot_date);
}

}  // namespace

bool is_copy_at_target(const Step& step) {
  const auto& clusters = step.services.settings.clusters;
  const auto cluster = clusters.find(step.request.cluster);
  const bool is_home =
      cluster != clusters.end() && cluster->second.region == step.request.target_region;
  return !step.request.is_same_region() && !is_home;
}

Result<json::Value> begin_operation(Step& step, const Snapshot& snapshot) {
  const Request& request = step.request;
  const std::string status = request.state.string_at("status").value_or("");
  if (status == "RUNNING" || status == "SUCCEEDED") return request.state;
  json::Value begun = json::Value::object({{"status", "RUNNING"},
                                           {"cluster_name", request.cluster},
                                           {"target_cluster", request.target_cluster},
                                           {"source_region", request.source_region},
                                           {"target_region", request.target_region},
                                           {"snapshot_name", snapshot.name},
                                           {"snapshot_date", snapshot.date},
                                           {"snapshot_bytes", snapshot.bytes},
                                           {"execution_arn", step.call.execution_arn},
                                           {"started", format_instant(step.services.clock.now())}});
  for (const std::string_view wish : wishes) {
    if (const json::Value* value = request.event.find(wish)) begun = begun.with(wish, *value);
  }
  return step.services.operations.merge(request.target_region, request.operation_id, begun);
}

Result<Snapshot> snapshot_of(Step& step) {
  auto snapshot = found_again(step, step.request.source_region);
  if (snapshot || snapshot.error().code() != ErrorCode::not_found) return snapshot;
  if (step.request.is_same_region() || step.request.is_new()) return snapshot;
  auto copy = found_again(step, step.request.target_region);
  return copy ? std::move(copy) : std::move(snapshot);
}

Result<void> take_target(Step& step) {
  const Request& request = step.request;
  Services& services = step.services;
  auto taken = services.target_lock.acquire(request.target_region, request.target_cluster,
                                            request.operation_id);
  if (taken || taken.error().code() != ErrorCode::conflict || !services.is_running) return taken;
  const auto holder =
      TRY(services.target_lock.holder(request.target_region, request.target_cluster));
  if (holder) {
    const json::Value state = TRY(services.operations.read(request.target_region, *holder));
    const std::string arn = state.string_at("execution_arn").value_or("");
    if (arn.empty() || services.is_running(arn)) return taken;
    TRY(end_failed(services, state,
                   {"Restore.Abandoned", concat("execution ", arn, " does not run any more")}));
  }
  return services.target_lock.acquire(request.target_region, request.target_cluster,
                                      request.operation_id);
}

Result<void> wait_for_copy(Step& step, const Snapshot& snapshot) {
  const auto status = TRY(step.services.provider.wait_copy(
      step.request.operation_id, snapshot, step.request.target_region, step.patience(),
      step.call.progress, step.call.cancellation));
  if (status.error) return *status.error;
  if (status.status != "completed") return still_busy("copied");
  return {};
}

Result<void> wait_for_restore(Step& step) {
  const auto status = TRY(step.services.provider.wait_restore(
      step.request.operation_id, step.request.target_region, step.patience(), step.call.progress,
      step.call.cancellation));
  if (status.error) return *status.error;
  if (status.status != "available") return still_busy("restored");
  return {};
}

bool is_serving(const Step& step) {
  return serving_operation(step.target(), step.request.target_cluster) == step.request.operation_id;
}

Result<json::Value> end_failed(Services& services, const json::Value& state,
                               const asl::Failure& failure) {
  const std::string region = state.string_at("target_region").value_or("");
  const std::string id = state.string_at("operation_id").value_or("");
  const std::string cluster = state.string_at("target_cluster").value_or("");
  // The lock goes last: who gets it finds nothing of ours.
  TRY(services.provider.discard(id, region));
  json::Value ended = TRY(services.operations.merge(
      region, id,
      json::Value::object({{"status", "FAILED"},
                           {"error", failure.error},
                           {"cause", failure.cause},
                           {"ended", format_instant(services.clock.now())}})));
  TRY(services.target_lock.release(region, cluster, id));
  return ended;
}

}  // namespace pawl::restore::steps
