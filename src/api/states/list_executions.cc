#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/executions.h"
#include "engine/names.h"
#include "engine/service_errors.h"

namespace pawl::api::states {
namespace {

using json::Value;

Value summary(const store::Execution& execution) {
  auto members = described(execution);
  members.push_back({"redriveCount", execution.redrives});
  if (execution.redriven) members.push_back({"redriveDate", epoch_seconds(*execution.redriven)});
  return members;
}

// Exactly one of the two says whose executions are asked for.
Result<void> check_subject(const Value& input) {
  const bool has_machine = input["stateMachineArn"].is_string();
  const bool has_map_run = input["mapRunArn"].is_string();
  if (has_machine == has_map_run)
    return engine::invalid_request(
        "Must specify exactly one of either stateMachineArn or mapRunArn");
  if (has_map_run) {
    TRY(arn_of(input, "mapRunArn", "mapRun"));
    return engine::resource_not_found(text_of(input, "mapRunArn"));
  }
  if (input["redriveFilter"].is_string())
    return engine::invalid_request("redriveFilter can only be used with mapRunArn");
  return {};
}

Result<Value> list(engine::Engine& engine, const Value& input, bool with_express) {
  TRY(check_subject(input));
  const auto arn = TRY(machine_arn_of(input));
  const auto asked = engine::parse_machine_arn(arn);
  const auto machine = engine.machine(asked.machine_arn);
  if (!machine) return engine::machine_does_not_exist(arn);
  if (machine->type == "EXPRESS" && !with_express) return engine::type_does_not_offer_this();
  const store::ExecutionQuery query{.machine_arn = asked.machine_arn,
                                    .version = asked.version,
                                    .alias = asked.alias,
                                    .status = optional_text_of(input, "statusFilter"),
                                    .started_from = {},
                                    .page = page_of(input)};
  auto found = TRY(engine.executions(query));
  const store::Page<store::Execution> page{std::move(found.executions),
                                           std::move(found.next_token)};
  return shown_page("executions", page, summary);
}

}  // namespace

void list_executions(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(list(rooms.engine, input, false));
}

void list_any_executions(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(list(rooms.engine, input, true));
}

}  // namespace pawl::api::states
