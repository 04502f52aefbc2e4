#include "base/text.h"
#include "restore/instances/instance.h"
#include "restore/instances/left_over.h"
#include "restore/known.h"
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

bool is_left_over(Step& step, const Instance& instance) {
  const Region& region = step.target();
  if (instance.operation_id == step.request.operation_id) return false;
  // Only what the target's lock covers: restores of other clusters clean up at the same time.
  if (instance.phase == "replaced") {
    return instance.cluster == step.request.target_cluster &&
           !can_be_put_back(region, instance, step.services.clock.now());
  }
  if (serves(region, instance)) return false;
  const bool is_of_target =
      instance.phase == "unknown" || instance.cluster == step.request.target_cluster;
  return is_of_target && !is_alive(step.services, region.name, instance.operation_id);
}

}  // namespace

bool is_copy_at_target(const Step& step) {
  const Request& request = step.request;
  return restore::is_copy_at_target(
      step.services.settings, {request.cluster, request.source_region, request.target_region});
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
                                           {"error", nullptr},
                                           {"cause", nullptr},
                                           {"ended", nullptr},
                                           {"started", format_instant(step.services.clock.now())}});
  for (const std::string_view wish : wishes) {
    if (const json::Value* value = request.event.find(wish)) begun = begun.with(wish, *value);
  }
  return step.services.operations.merge(request.target_region, request.operation_id, begun);
}

Result<void> remove_left_overs(Step& step) {
  for (const Instance& instance : TRY(list_instances(step.target()))) {
    if (!is_left_over(step, instance)) continue;
    TRY(step.services.provider.discard(instance.operation_id, step.target().name));
  }
  return {};
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
    if (is_alive(services, state)) return taken;
    TRY(end_operation(services, state, end_without_work(services, state)));
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

bool has_had_its_time(const Step& step) {
  const json::Value& status = step.request.state["status"];
  const bool has_served = status == "SUCCEEDED" || status == "ROLLED_BACK" || status == "REMOVED";
  return has_served && !is_serving(step);
}

Result<json::Value> end_operation(Services& services, const json::Value& state,
                                  const json::Value& end) {
  const std::string region = state.string_at("target_region").value_or("");
  const std::string id = state.string_at("operation_id").value_or("");
  // The lock goes last: who gets it finds nothing of ours.
  TRY(services.provider.discard(id, region));
  json::Value ended = TRY(services.operations.merge(region, id, end));
  TRY(services.target_lock.release(region, state.string_at("target_cluster").value_or(""), id));
  return ended;
}

}  // namespace pawl::restore::steps
