#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<std::optional<std::string>> read_status(const Value& input) {
  auto status = TRY(
      one_of(input, "statusFilter",
             {"SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"}, {}));
  return status.empty() ? std::optional<std::string>() : std::optional(std::move(status));
}

Result<store::ExecutionQuery> read(const Value& input) {
  TRY(refuse_unsupported(input, {"mapRunArn", "redriveFilter"}));
  store::ExecutionQuery query;
  query.status = TRY(read_status(input));
  query.page.size_max = static_cast<size_t>(
      TRY(bounded_number(input, "maxResults", {.least = 0, .most = 1000, .otherwise = 100})));
  query.page.token = TRY(bounded_text(input, "nextToken", 3096));
  query.machine_arn = TRY(required_text(input, "stateMachineArn", arn_characters_max));
  TRY(check_arn(query.machine_arn, "stateMachine"));
  return query;
}

Value summary(const store::Execution& execution) {
  Value::Object members = {{"executionArn", execution.arn},
                           {"stateMachineArn", execution.machine_arn},
                           {"name", execution.name},
                           {"status", execution.status},
                           {"startDate", epoch_seconds(execution.started)}};
  if (execution.stopped) members.push_back({"stopDate", epoch_seconds(*execution.stopped)});
  members.push_back({"redriveCount", 0});
  return members;
}

Result<Value> list(engine::Engine& engine, const Value& input) {
  const auto query = TRY(read(input));
  TRY(engine.machine(query.machine_arn));
  const auto page = TRY(engine.executions(query));
  Value::Array executions;
  for (const auto& execution : page.executions) executions.push_back(summary(execution));
  auto output = Value::object({{"executions", std::move(executions)}});
  return page.next_token.empty() ? output : output.with("nextToken", page.next_token);
}

}  // namespace

void list_executions(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(list(rooms.engine, input));
}

}  // namespace pawl::api::states
