#include "api/fields.h"
#include "api/states/actions.h"
#include "execution/map_run.h"

namespace pawl::api::states {
namespace {

using execution::MapRun;
using execution::Status;
using execution::Tally;
using json::Value;

const std::string& execution_of(const MapRun& run, const std::string& execution_arn) {
  return run.child_arn.empty() ? execution_arn : run.child_arn;
}

Result<Value> list(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(execution_arn_of(input));
  Value::Array shown;
  for (const MapRun& run : TRY(engine.map_runs(arn))) {
    auto row = Value::object({{"executionArn", arn},
                              {"mapRunArn", run.arn},
                              {"stateMachineArn", execution::machine_arn_of(run.arn)},
                              {"startDate", epoch_seconds(run.started)}});
    shown.push_back(run.stopped ? row.with("stopDate", epoch_seconds(*run.stopped)) : row);
  }
  return Value::object({{"mapRuns", std::move(shown)}});
}

// How many there are in each state: of the children, or of the items in them.
Value counts(const MapRun& run, const Tally& counted, int64_t total) {
  const bool is_over = run.status != Status::running;
  const int64_t begun = counted.begun();
  const int64_t ended = begun - counted.of(Status::running);
  return Value::object({{"pending", total - begun},
                        {"running", counted.of(Status::running)},
                        {"succeeded", counted.of(Status::succeeded)},
                        {"failed", counted.of(Status::failed)},
                        {"timedOut", counted.of(Status::timed_out)},
                        {"aborted", counted.of(Status::aborted)},
                        {"total", total},
                        {"resultsWritten", is_over ? ended : 0}});
}

Result<Value> describe(engine::Engine& engine, const Value& input) {
  const auto found =
      TRY(engine.map_run(TRY(arn_of(input, "mapRunArn", "mapRun")), execution::Children::counted));
  const MapRun& run = found.run;
  Value::Object members{{"mapRunArn", run.arn},
                        {"executionArn", execution_of(run, found.execution.arn)},
                        {"status", execution::name(run.status)},
                        {"startDate", epoch_seconds(run.started)}};
  if (run.stopped) members.push_back({"stopDate", epoch_seconds(*run.stopped)});
  members.push_back({"maxConcurrency", run.concurrency_max});
  members.push_back({"toleratedFailurePercentage", run.failures_share_max.value_or(0.0)});
  members.push_back({"toleratedFailureCount", run.failures_max.value_or(0)});
  members.push_back({"itemCounts", counts(run, run.items_by, run.items)});
  members.push_back({"executionCounts", counts(run, run.children_by, run.executions)});
  members.push_back({"redriveCount", run.redrives});
  if (run.redriven) members.push_back({"redriveDate", epoch_seconds(*run.redriven)});
  return Value(std::move(members));
}

// The limits that the request names, by their names in the language.
Value limits_of(const Value& input) {
  Value::Object named;
  for (const auto& [member, field] : {std::pair{"maxConcurrency", "MaxConcurrency"},
                                      {"toleratedFailureCount", "ToleratedFailureCount"},
                                      {"toleratedFailurePercentage", "ToleratedFailurePercentage"}})
    if (const Value* limit = input.find(member); limit && limit->is_number())
      named.push_back({field, *limit});
  return named;
}

}  // namespace

void list_map_runs(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(list(rooms.engine, input));
}

void describe_map_run(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(describe(rooms.engine, input));
}

void update_map_run(const Rooms& rooms, const Value& input, const Answer& answer) {
  auto arn = arn_of(input, "mapRunArn", "mapRun");
  if (!arn) return answer(std::move(arn).error());
  rooms.engine.ask(engine::ChangeMapRun{*std::move(arn), limits_of(input)}, empty_answer(answer));
}

}  // namespace pawl::api::states
