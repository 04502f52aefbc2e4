#include "api/fields.h"
#include "api/states/actions.h"
#include "engine/service_errors.h"

namespace pawl::api::states {
namespace {

using json::Value;

// No execution has map runs: definitions with distributed maps are refused.
Result<Value> list(engine::Engine& engine, const Value& input) {
  TRY(engine.execution(TRY(execution_arn_of(input))));
  return Value::object({{"mapRuns", Value::array()}});
}

Result<Value> find(const Value& input) {
  const auto arn = TRY(arn_of(input, "mapRunArn", "mapRun"));
  return engine::resource_not_found(arn);
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
