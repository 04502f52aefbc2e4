#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<Value> describe(engine::Engine& engine, const Value& input) {
  const auto machine = TRY(engine.machine_of_execution(TRY(execution_arn_of(input))));
  auto output = description(machine).without("status").without("type").without("creationDate");
  output = output.with("updateDate", epoch_seconds(machine.updated));
  return is_metadata_only(input) ? output.without("definition") : output;
}

}  // namespace

void describe_state_machine_for_execution(const Rooms& rooms, const json::Value& input,
                                          const Answer& answer) {
  answer(describe(rooms.engine, input));
}

}  // namespace pawl::api::states
