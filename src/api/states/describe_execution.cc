#include "api/fields.h"
#include "api/states/actions.h"
#include "base/text.h"

namespace pawl::api::states {
namespace {

using json::Value;

// Nothing can be redriven yet, and the description says so instead of promising it.
std::string redrive_reason(const std::string& status) {
  if (status == "RUNNING" || status == "SUCCEEDED")
    return concat("Execution is ", status, " and cannot be redriven");
  return "Redrive is not supported by this server";
}

void add_end(Value::Object& members, const store::Execution& execution) {
  if (!execution.stopped) return;
  members.push_back({"stopDate", epoch_seconds(*execution.stopped)});
  if (execution.status == "SUCCEEDED") {
    members.push_back({"output", execution.output});
    members.push_back({"outputDetails", Value::object({{"included", true}})});
    return;
  }
  if (!execution.error.empty()) members.push_back({"error", execution.error});
  if (!execution.cause.empty()) members.push_back({"cause", execution.cause});
}

Result<Value> describe(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(required_text(input, "executionArn", arn_characters_max));
  TRY(check_arn(arn, "execution"));
  const auto execution = TRY(engine.execution(arn));
  Value::Object members = {{"executionArn", execution.arn},
                           {"stateMachineArn", execution.machine_arn},
                           {"name", execution.name},
                           {"status", execution.status},
                           {"startDate", epoch_seconds(execution.started)},
                           {"input", execution.input},
                           {"inputDetails", Value::object({{"included", true}})},
                           {"redriveCount", 0},
                           {"redriveStatus", "NOT_REDRIVABLE"},
                           {"redriveStatusReason", redrive_reason(execution.status)}};
  add_end(members, execution);
  return Value(std::move(members));
}

}  // namespace

void describe_execution(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(describe(rooms.engine, input));
}

}  // namespace pawl::api::states
