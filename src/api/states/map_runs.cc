#include <map>

#include "api/fields.h"
#include "api/states/actions.h"
#include "base/text.h"

namespace pawl::api::states {
namespace {

using json::Value;

// "…:mapRun:<machine>/<label>:<id>" runs the states of "…:stateMachine:<machine>/<label>".
std::string machine_of(std::string_view map_run_arn) {
  const std::string arn = replace_all(map_run_arn, ":mapRun:", ":stateMachine:");
  return arn.substr(0, arn.rfind(':'));
}

// A map run is told by the history of the execution that has it.
Result<Value> list(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(execution_arn_of(input));
  const auto execution = TRY(engine.execution(arn));
  std::map<int64_t, Value> runs;  // by the event that started it
  for (const auto& event : TRY(engine.history(arn))) {
    if (event.type == "MapRunStarted") {
      const std::string run = event.details.string_at("mapRunArn").value_or("");
      runs[event.id] = Value::object({{"executionArn", arn},
                                      {"mapRunArn", run},
                                      {"stateMachineArn", machine_of(run)},
                                      {"startDate", epoch_seconds(event.timestamp)}});
    }
    const bool is_end = event.type == "MapRunSucceeded" || event.type == "MapRunFailed";
    const auto ended = is_end ? runs.find(event.previous_id) : runs.end();
    if (ended != runs.end())
      ended->second = ended->second.with("stopDate", epoch_seconds(event.timestamp));
  }
  Value::Array shown;
  for (auto& [id, run] : runs) {
    // What was under way when the execution ended has ended with it.
    const bool is_cut_off = run.find("stopDate") == nullptr && execution.stopped;
    shown.push_back(is_cut_off ? run.with("stopDate", epoch_seconds(*execution.stopped)) : run);
  }
  return Value::object({{"mapRuns", std::move(shown)}});
}

// Map runs are not kept as resources of their own, and this says so.
Result<Value> find(const Value& input) {
  const auto arn = TRY(arn_of(input, "mapRunArn", "mapRun"));
  return Error(
      ErrorCode::unsupported,
      concat("ResourceNotFound: a map run cannot be described or changed yet: '", arn, "'"));
}

}  // namespace

void list_map_runs(const Rooms& rooms, const Value& input, const Answer& answer) {
  answer(list(rooms.engine, input));
}

void describe_map_run(const Rooms&, const Value& input, const Answer& answer) {
  answer(find(input));
}

void update_map_run(const Rooms&, const Value& input, const Answer& answer) { answer(find(input)); }

}  // namespace pawl::api::states
