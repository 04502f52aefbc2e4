#include "base/text.h"
#include "engine/loop.h"
#include "engine/map_runs.h"
#include "engine/names.h"
#include "engine/service_errors.h"
#include "execution/map_run_list.h"
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
  if (found) return *std::move(found);
  const auto place = execution::parse_child_arn(arn);
  if (!place) return execution_does_not_exist(arn);
  const auto run = map_run(place->run_arn);
  const auto index = static_cast<size_t>(place->index);
  if (!run || index >= run->run.children.size()) return execution_does_not_exist(arn);
  return child_row(*run, index);
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
          .input = std::move(input),
          .number = row.id};
}

}  // namespace

Result<std::vector<execution::HistoryEvent>> Engine::history(
    const std::string& execution_arn, const execution::HistoryWindow& asked) {
  execution::HistoryWindow window = asked;
  std::string arn = execution_arn;
  if (auto place = execution::parse_child_arn(arn)) {
    TRY(execution(arn));
    arn = TRY(map_run(place->run_arn)).execution.arn;
    window.child = *std::move(place);
  }
  const store::Execution found = TRY(execution(arn));
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
  if (execution::parse_child_arn(closed.arn))
    return std::string("A child of a Map Run is not redriven on its own");
  const asl::Parsed parsed = asl::parse_definition(closed.definition);
  if (!parsed.machine) return invalid_definition(parsed.diagnostics);
  execution::Execution replayed(*parsed.machine,
                                identity_of(closed, TRY(json::parse(closed.input))));
  for (const std::string& record : TRY(loop_->store.records(closed.id)))
    TRY(replayed.replay(record));
  return replayed.redrive_refusal();
}

Result<std::vector<execution::MapRun>> Engine::all_map_runs(const store::Execution& of) {
  const asl::Parsed parsed = asl::parse_definition(of.definition);
  if (!parsed.machine) return invalid_definition(parsed.diagnostics);
  return execution::map_runs(*parsed.machine, identity_of(of, TRY(json::parse(of.input))),
                             TRY(loop_->store.records(of.id)));
}

Result<std::vector<execution::MapRun>> Engine::map_runs(const std::string& execution_arn) {
  store::Execution row = TRY(execution(execution_arn));
  const auto place = execution::parse_child_arn(execution_arn);
  if (place) row = TRY(map_run(place->run_arn)).execution;
  std::vector<execution::MapRun> own;
  for (auto& run : TRY(all_map_runs(row)))
    if (run.child_arn == (place ? execution_arn : "")) own.push_back(std::move(run));
  return own;
}

Result<FoundMapRun> Engine::map_run(const std::string& arn) {
  const auto number = execution::execution_number_of(arn);
  std::optional<store::Execution> row;
  if (number) row = TRY(loop_->store.execution_of_id(*number));
  if (row)
    for (auto& run : TRY(all_map_runs(*row)))
      if (run.arn == arn) return FoundMapRun{std::move(run), *std::move(row)};
  return resource_not_found(arn);
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
