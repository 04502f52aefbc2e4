#include "base/text.h"
#include "restore/batch/verbs.h"
#include "restore/ids.h"
#include "restore/instances/instance.h"
#include "restore/known.h"
#include "restore/questions/questions.h"

namespace pawl::restore::questions {
namespace {

// A batch has no target of its own: its operations do.
Result<json::Value> state_of(Services& services, const std::string& id) {
  auto state = services.operations.find(id);
  if (state || state.error().code() != ErrorCode::not_found) return state;
  const auto is_free = check_is_no_batch(services.settings, id);
  if (is_free || is_free.error().code() != ErrorCode::already_exists) return state;
  return Error(ErrorCode::invalid_argument,
               concat(id, " is a batch, and a rollback takes back one of its operations"),
               concat("`pawl restore report ", id, " -o wide` has their ids."));
}

Result<Endpoint> swap_back(Services& services, const std::string& id, const Target& target) {
  // Nobody may be swapping this cluster meanwhile.
  TRY(services.target_lock.acquire(target.region, target.cluster, id));
  auto endpoint = services.provider.swap_back(id, target.region, target.cluster);
  TRY(services.target_lock.release(target.region, target.cluster, id));
  return endpoint;
}

Result<void> keep(Services& services, const std::string& id, const Target& target, Duration took) {
  const Instant now = services.clock.now();
  TRY(services.operations.merge(
      target.region, id,
      json::Value::object({{"status", "ROLLED_BACK"}, {"rolled_back_at", format_instant(now)}})));
  AuditLine line;
  line.at = now;
  line.operation_id = id;
  line.step = "rollback";
  line.status = "SUCCESS";
  line.took = took;
  return services.operations.append_audit(target.region, line);
}

}  // namespace

Result<json::Value> rollback(Services& services, const functions::Call& call) {
  const std::string id = TRY(batch::required_text(call.event, "operation_id"));
  const json::Value state = TRY(state_of(services, id));
  const Target target{state.string_at("target_region").value_or(""),
                      state.string_at("target_cluster").value_or("")};
  // One that was stopped on its way may have come as far as the swap.
  if (is_alive(services, state)) {
    return Error(ErrorCode::conflict, concat("operation ", id, " has not ended"),
                 "Wait for it, or stop its execution.");
  }
  const Region& region = *TRY(known_region(services.settings, target.region));
  if (state["status"] == "ROLLED_BACK") {
    const auto serving = serving_operation(region, target.cluster);
    return Error(ErrorCode::conflict,
                 concat("operation ", id, " has been rolled back already, at ",
                        state.string_at("rolled_back_at").value_or("?")),
                 concat("There is nothing to do: ",
                        serving ? "operation " + *serving : std::string("nothing"), " serves ",
                        target.cluster, "."));
  }
  const Instant began = services.clock.now();
  const Endpoint endpoint = TRY(swap_back(services, id, target));
  TRY(keep(services, id, target, services.clock.now() - began));
  const auto serving = serving_operation(region, target.cluster);
  return json::Value::object({{"operation_id", id},
                              {"endpoint", json::Value::object({{"host", endpoint.host},
                                                                {"address", endpoint.address},
                                                                {"port", endpoint.port}})},
                              {"serving", serving ? json::Value(*serving) : json::Value()}});
}

}  // namespace pawl::restore::questions
