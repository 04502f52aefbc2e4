#include "engine/loop.h"
#include "engine/names.h"
#include "engine/service_errors.h"
#include "json/parse.h"

namespace pawl::engine {

// Reads of what is durable, on the caller's thread: none of these touches what the loop owns.

Result<store::Machine> Engine::machine(const std::string& arn) {
  std::optional<store::Machine> found = TRY(loop_->store.machine(arn));
  if (!found) return machine_does_not_exist(arn);
  return *std::move(found);
}

store::Catalogue& Engine::catalogue() { return loop_->store; }

Result<store::Execution> Engine::execution(const std::string& arn) {
  std::optional<store::Execution> found = TRY(loop_->store.execution(arn));
  if (!found) return execution_does_not_exist(arn);
  return *std::move(found);
}

Result<store::ExecutionPage> Engine::executions(const store::ExecutionQuery& query) {
  return loop_->store.executions(query);
}

Result<std::vector<execution::HistoryEvent>> Engine::history(
    const std::string& execution_arn, const execution::HistoryWindow& window) {
  const store::Execution found = TRY(execution(execution_arn));
  const asl::Parsed parsed = asl::parse_definition(found.definition);
  if (!parsed.machine) return invalid_definition(parsed.diagnostics);
  const execution::Identity identity{.execution_arn = found.arn,
                                     .execution_name = found.name,
                                     .machine_arn = found.machine_arn,
                                     .machine_name = std::string(name_in_arn(found.machine_arn)),
                                     .role_arn = found.role_arn,
                                     .started = found.started,
                                     .input = TRY(json::parse(found.input))};
  const std::vector<std::string> records = TRY(loop_->store.records(found.id));
  return execution::history(*parsed.machine, identity, records, window);
}

Result<store::Machine> Engine::machine_of_execution(const std::string& execution_arn) {
  store::Execution found = TRY(execution(execution_arn));
  return store::Machine{.arn = found.machine_arn,
                        .name = std::string(name_in_arn(found.machine_arn)),
                        .definition = std::move(found.definition),
                        .role_arn = std::move(found.role_arn),
                        .type = std::move(found.type),
                        .status = "ACTIVE",
                        .revision_id = std::move(found.revision_id),
                        .created = found.started,
                        .updated = found.machine_updated.value_or(found.started),
                        .settings = std::move(found.settings)};
}

}  // namespace pawl::engine
