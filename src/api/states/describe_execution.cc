#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/executions.h"
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

Result<Value> describe(engine::Engine& engine, const Value& input, const std::string& arn) {
  const auto execution = TRY(engine.execution(arn));
  auto members = described(execution);
  add_data(members, execution, !is_metadata_only(input));
  members.push_back({"redriveCount", execution.redrives});
  members.push_back({"redriveStatus", "NOT_REDRIVABLE"});
  members.push_back({"redriveStatusReason", redrive_reason(execution.status)});
  return Value(std::move(members));
}

}  // namespace

void describe_execution(const Rooms& rooms, const Value& input, const Answer& answer) {
  const auto arn = execution_arn_of(input);
  answer(arn ? describe(rooms.engine, input, *arn) : arn.error());
}

void describe_any_execution(const Rooms& rooms, const Value& input, const Answer& answer) {
  const auto arn = any_execution_arn_of(input);
  answer(arn ? describe(rooms.engine, input, *arn) : arn.error());
}

}  // namespace pawl::api::states
