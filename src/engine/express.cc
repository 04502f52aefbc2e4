#include "engine/express.h"

#include "base/text.h"

namespace pawl::engine {
namespace {

// The pattern of a resource that Express does not have, or nothing. The service's own words have a
// blank too many for one of them.
std::string_view forbidden_pattern(std::string_view resource) {
  if (resource.ends_with(".waitForTaskToken")) return "'.waitForTaskToken' service integration ";
  if (resource.ends_with(".sync") || resource.ends_with(".sync:2"))
    return "'.sync' service integration";
  return {};
}

void find(const asl::States& states, const std::string& location, Findings& findings);

void find(const asl::State& state, const std::string& location, Findings& findings) {
  const auto refuse = [&](std::string_view what) {
    findings.push_back({.severity = asl::Severity::error,
                        .code = "SCHEMA_VALIDATION_FAILED",
                        .message = concat("Express state machine does not support ", what),
                        .location = location + "/Resource"});
  };
  if (const auto* task = std::get_if<asl::Task>(&state.kind)) {
    const auto pattern = forbidden_pattern(task->resource);
    if (!pattern.empty()) refuse(pattern);
    if (task->is_activity) refuse("activities");
  } else if (const auto* parallel = std::get_if<asl::Parallel>(&state.kind)) {
    for (size_t index = 0; index < parallel->branches.size(); ++index)
      find(parallel->branches[index], concat(location, "/Branches[", index, "]"), findings);
  } else if (const auto* map = std::get_if<asl::Map>(&state.kind)) {
    find(map->processor, location + "/ItemProcessor", findings);
  }
}

void find(const asl::States& states, const std::string& location, Findings& findings) {
  for (const auto& [name, state] : states.by_name)
    find(*state, concat(location, "/States/", name), findings);
}

}  // namespace

Findings express_findings(const asl::Machine& machine) {
  Findings findings;
  find(machine.states, "", findings);
  return findings;
}

}  // namespace pawl::engine
