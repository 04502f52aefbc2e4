#include "restore/services.h"

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

}  // namespace pawl::restore
