#include "base/text.h"
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

namespace {

execution::Identity identity_of(const store::Execution& row, json::Value input) {
  return {.execution_arn = row.arn,
          .execution_name = row.name,
          .machine_arn = row.machine_arn,
          .machine_name = std::string(name_in_arn(row.machine_arn)),
          .role_arn = row.role_arn,
          .started = row.started,
          .input = std::move(input)};
}

}  // namespace

Result<std::vector<execution::HistoryEvent>> Engine::history(
    const std::string& execution_arn, const execution::HistoryWindow& window) {
  const store::Execution found = TRY(execution(execution_arn));
  const asl::Parsed parsed = asl::parse_definition(found.definition);
  if (!parsed.machine) return invalid_definition(parsed.diagnostics);
  const auto identity = identity_of(found, TRY(json::parse(found.input)));
  const std::vector<std::string> records = TRY(loop_->store.records(found.id));
  return execution::history(*parsed.machine, identity, records, window);
}

Result<std::string> Engine::redrive_refusal(const store::Execution& closed) {
  // Where the row says it already, the records need not be read.
  if (closed.status == "RUNNING" || closed.status == "SUCCEEDED")
    return concat("Execution is ", closed.status, " and cannot be redriven");
  const asl::Parsed parsed = asl::parse_definition(closed.definition);
  if (!parsed.machine) return invalid_definition(parsed.diagnostics);
  execution::Execution replayed(*parsed.machine,
                                identity_of(closed, TRY(json::parse(closed.input))));
  for (const std::string& record : TRY(loop_->store.records(closed.id)))
    TRY(replayed.replay(record));
  return replayed.redrive_refusal();
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
