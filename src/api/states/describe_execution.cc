#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/executions.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<Value> describe(engine::Engine& engine, const Value& input, const std::string& arn) {
  const auto execution = TRY(engine.execution(arn));
  auto members = described(execution);
  add_map_run(members, execution.arn);
  add_data(members, execution, !is_metadata_only(input));
  members.push_back({"redriveCount", execution.redrives});
  if (execution.redriven) members.push_back({"redriveDate", epoch_seconds(*execution.redriven)});
  const std::string refusal = TRY(engine.redrive_refusal(execution));
  members.push_back({"redriveStatus", refusal.empty() ? "REDRIVABLE" : "NOT_REDRIVABLE"});
  if (!refusal.empty()) members.push_back({"redriveStatusReason", refusal});
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
