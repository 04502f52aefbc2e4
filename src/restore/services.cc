#include "restore/services.h"

#include "base/text.h"
#include "base/time.h"

namespace pawl::restore {

bool is_alive(const Services& services, const std::string& region,
              const std::string& operation_id) {
  const auto state = services.operations.read(region, operation_id);
  if (!state) return state.error().code() != ErrorCode::not_found;
  return is_alive(services, *state);
}

bool is_alive(const Services& services, const json::Value& state) {
  if (state.string_at("status").value_or("RUNNING") != "RUNNING") return false;
  const std::string arn = state.string_at("execution_arn").value_or("");
  return arn.empty() || !services.is_running || services.is_running(arn);
}

Result<void> check_is_free(const Services& services, const Target& target,
                           const std::string& own_id) {
  const auto holder = TRY(services.target_lock.holder(target.region, target.cluster));
  if (!holder || *holder == own_id) return {};
  const auto state = services.operations.read(target.region, *holder);
  if (state && !own_id.empty() && (*state)["batch_id"] == own_id) return {};
  if (state && !is_alive(services, *state)) return {};
  return target_is_busy(target, *holder, state ? *state : json::Value::object());
}

json::Value end_without_work(const Services& services, const json::Value& state) {
  const std::string arn = state.string_at("execution_arn").value_or("");
  const auto end = services.end_of ? services.end_of(arn) : std::nullopt;
  if (!end) {
    return json::Value::object({{"status", "STOPPED"},
                                {"error", "Restore.Abandoned"},
                                {"cause", concat("execution ", arn, " does not run any more")},
                                {"ended", state["updated"]}});
  }
  const bool has_failed = end->status == "FAILED" || end->status == "TIMED_OUT";
  const std::string_view how = end->status == "ABORTED" ? " was stopped" : " has ended";
  return json::Value::object(
      {{"status", has_failed ? "FAILED" : "STOPPED"},
       {"error", end->error.empty() ? "Restore.Abandoned" : end->error},
       {"cause", end->cause.empty() ? concat("execution ", arn, how) : end->cause},
       {"ended", format_instant(end->at)}});
}

}  // namespace pawl::restore
