#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/executions.h"
#include "base/log.h"
#include "base/text.h"
#include "engine/map_runs.h"
#include "engine/names.h"
#include "engine/service_errors.h"
#include "world/repeated_lines.h"

namespace pawl::api::states {
namespace {

using json::Value;

Value summary(const store::Execution& execution) {
  auto members = described(execution);
  add_map_run(members, execution.arn);
  members.push_back({"redriveCount", execution.redrives});
  if (execution.redriven) members.push_back({"redriveDate", epoch_seconds(*execution.redriven)});
  return members;
}

// What a list leaves out, because it cannot be read. Pawl's own: AWS has no word for it.
Value damaged(const std::vector<store::DamagedExecution>& executions) {
  static world::RepeatedLines lines(minutes(1));
  Value::Array shown;
  for (const auto& each : executions) {
    if (lines.admit(each.arn, std::chrono::steady_clock::now()))
      log(LogLevel::error, "an execution is damaged and not listed",
          {{"execution", each.arn}, {"error", each.error.text()}});
    shown.push_back(Value::object({{"executionArn", each.arn}, {"error", each.error.message()}}));
  }
  return shown;
}

// Exactly one of the two says whose executions are asked for.
Result<void> check_subject(const Value& input) {
  const bool has_machine = input["stateMachineArn"].is_string();
  const bool has_map_run = input["mapRunArn"].is_string();
  if (has_machine == has_map_run)
    return engine::invalid_request(
        "Must specify exactly one of either stateMachineArn or mapRunArn");
  if (!has_map_run && input["redriveFilter"].is_string())
    return engine::invalid_request("redriveFilter can only be used with mapRunArn");
  return {};
}

// The children of a map run, the newest first. A token is the index of the last one shown.
Result<Value> list_children(engine::Engine& engine, const Value& input) {
  const auto found = TRY(engine.map_run(TRY(arn_of(input, "mapRunArn", "mapRun"))));
  const auto status = optional_text_of(input, "statusFilter");
  const std::string filter = text_of(input, "redriveFilter");
  const store::PageRequest page = page_of(input);
  int64_t index = static_cast<int64_t>(found.run.children.size());
  if (!page.token.empty()) {
    const auto last = parse_integer(page.token);
    if (!last || *last < 0 || *last > index)
      return Error(ErrorCode::invalid_argument,
                   concat("InvalidToken: Invalid Token: '", page.token, "'"));
    index = *last;
  }
  Value::Array shown;
  std::string next_token;
  while (index-- > 0) {
    const execution::ChildRun& child = found.run.children.at(index);
    if (status && *status != execution::name(child.status)) continue;
    if (!filter.empty() && (filter == "REDRIVEN") != (child.redrives > 0)) continue;
    if (shown.size() == page.size_max) {
      next_token = concat(index + 1);
      break;
    }
    shown.push_back(summary(engine::child_row(found, index)).with("itemCount", child.items));
  }
  const auto output = Value::object({{"executions", std::move(shown)}});
  return next_token.empty() ? output : output.with("nextToken", next_token);
}

Result<Value> list(engine::Engine& engine, const Value& input, bool with_express) {
  TRY(check_subject(input));
  if (input["mapRunArn"].is_string()) return list_children(engine, input);
  const auto arn = TRY(machine_arn_of(input));
  const auto asked = engine::parse_machine_arn(arn);
  const auto machine = engine.machine(asked.machine_arn);
  if (!machine)
    return machine.error().code() == ErrorCode::not_found ? engine::machine_does_not_exist(arn)
                                                          : machine.error();
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
  const auto shown = shown_page("executions", page, summary);
  return found.damaged.empty() ? shown : shown.with("damaged", damaged(found.damaged));
}

}  // namespace

void list_executions(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(list(rooms.engine, input, false));
}

void list_any_executions(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(list(rooms.engine, input, true));
}

}  // namespace pawl::api::states
