#include "api/fields.h"
#include "api/states/actions.h"
#include "json/parse.h"

namespace pawl::api::states {
namespace {

Result<engine::NewExecution> read(const json::Value& input) {
  engine::NewExecution execution;
  execution.machine_arn = TRY(required_text(input, "stateMachineArn", arn_characters_max));
  TRY(check_arn(execution.machine_arn, "stateMachine"));
  execution.name = TRY(bounded_text(input, "name", name_characters_max));
  execution.input_text = TRY(optional_text(input, "input")).value_or("{}");
  auto value = json::parse(execution.input_text);
  if (!value)
    return Error(ErrorCode::invalid_argument,
                 "InvalidExecutionInput: Invalid State Machine "
                 "Execution Input: '" +
                     value.error().message() + "'");
  execution.input = *std::move(value);
  return execution;
}

}  // namespace

void start_execution(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto execution = read(input);
  if (!execution) return answer(std::move(execution).error());
  rooms.engine.start_execution(*std::move(execution), [answer](Result<engine::Started> started) {
    if (!started) return answer(std::move(started).error());
    answer(json::Value::object({{"executionArn", started->execution_arn},
                                {"startDate", epoch_seconds(started->started)}}));
  });
}

}  // namespace pawl::api::states
