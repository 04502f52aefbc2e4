#include "api/states/executions.h"

#include "api/fields.h"
#include "engine/names.h"
#include "execution/map_run.h"

namespace pawl::api::states {

using json::Value;

Result<engine::NewExecution> read_execution(const Value& input) {
  engine::NewExecution execution;
  execution.machine_arn = TRY(machine_arn_of(input));
  execution.name = text_of(input, "name");
  execution.input_text = input.string_at("input").value_or("{}");
  execution.input = TRY(parse_data(execution.input_text,
                                   "InvalidExecutionInput: Invalid State Machine Execution Input"));
  return execution;
}

Value::Object described(const store::Execution& execution) {
  Value::Object members = {{"executionArn", execution.arn},
                           {"stateMachineArn", execution.machine_arn},
                           {"name", execution.name},
                           {"status", execution.status},
                           {"startDate", epoch_seconds(execution.started)}};
  if (execution.stopped) members.push_back({"stopDate", epoch_seconds(*execution.stopped)});
  if (execution.version > 0)
    members.push_back(
        {"stateMachineVersionArn", engine::version_arn(execution.machine_arn, execution.version)});
  if (!execution.alias.empty())
    members.push_back(
        {"stateMachineAliasArn", engine::alias_arn(execution.machine_arn, execution.alias)});
  return members;
}

void add_map_run(Value::Object& members, std::string_view execution_arn) {
  if (const auto place = execution::parse_child_arn(execution_arn))
    members.push_back({"mapRunArn", place->run_arn});
}

void add_data(Value::Object& members, const store::Execution& execution, bool with_data) {
  const Value details = Value::object({{"included", with_data}});
  const auto add = [&](const char* name, const std::string& text, const char* details_name) {
    if (with_data) members.push_back({name, text});
    members.push_back({details_name, details});
  };
  add("input", execution.input, "inputDetails");
  if (execution.status == "SUCCEEDED") add("output", execution.output, "outputDetails");
  if (!execution.error.empty()) members.push_back({"error", execution.error});
  if (!execution.cause.empty()) members.push_back({"cause", execution.cause});
}

}  // namespace pawl::api::states
