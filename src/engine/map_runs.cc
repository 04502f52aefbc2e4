#include "engine/map_runs.h"

#include "engine/loop.h"
#include "engine/service_errors.h"
#include "execution/map_run_list.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::engine {
namespace {

using json::Value;

// The state of that name, however deep: names are unique in the whole definition.
Value find_state(const Value& within, std::string_view name) {
  if (const Value state = within["States"][name]; state.is_object()) return state;
  std::vector<Value> parts;
  if (within.is_array()) parts.assign(within.elements().begin(), within.elements().end());
  if (within.is_object())
    for (const auto& member : within.members()) parts.push_back(member.value);
  for (const Value& part : parts)
    if (const Value found = find_state(part, name); found.is_object()) return found;
  return {};
}

std::string processor_of(const std::string& definition, std::string_view map) {
  const auto machine = json::parse(definition);
  if (!machine) return {};
  const Value state = find_state(*machine, map);
  const Value processor = state["ItemProcessor"];
  return json::write(processor.is_object() ? processor : state["Iterator"]);
}

}  // namespace

store::Execution child_row(const FoundMapRun& found, int64_t index) {
  const execution::ChildRun& child = found.run.children.at(index);
  const execution::ChildPlace place{found.run.arn, index};
  store::Execution row;
  row.id = found.execution.id;
  row.arn = execution::child_arn(place);
  row.name = execution::child_name(place);
  row.machine_arn = execution::machine_arn_of(found.run.arn);
  row.role_arn = found.execution.role_arn;
  row.status = execution::name(child.status);
  row.started = child.started;
  row.stopped = child.stopped;
  row.input = json::write(child.input);
  if (child.status == execution::Status::succeeded) row.output = json::write(child.output);
  row.error = child.error;
  row.cause = child.cause;
  row.redrives = child.redrives;
  return row;
}

store::Execution processor_row(FoundMapRun found) {
  store::Execution row = std::move(found.execution);
  row.machine_arn = execution::machine_arn_of(found.run.arn);
  row.definition = processor_of(row.definition, found.run.state);
  return row;
}

Result<void> Engine::Loop::carry(const ChangeMapRun& request) {
  const auto number = execution::execution_number_of(request.arn);
  OpenExecution* found = number ? TRY(awake(*number)) : nullptr;
  if (found != nullptr && found->execution.is_running(request.arn)) {
    decide(*found, execution::ChangeMapRun{request.arn, request.named});
    return {};
  }
  const auto row = number ? TRY(store.execution_of_id(*number)) : std::nullopt;
  if (!row) return resource_not_found(request.arn);
  return invalid_request("The map run has ended, so it cannot be changed");
}

}  // namespace pawl::engine
