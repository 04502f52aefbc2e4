#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"

namespace pawl::api::states {
namespace {

Result<json::Value> describe(engine::Engine& engine, const json::Value& input) {
  const auto arn = TRY(required_text(input, "stateMachineArn", arn_characters_max));
  TRY(check_arn(arn, "stateMachine"));
  const auto machine = TRY(engine.machine(arn));
  auto output = description(machine);
  // The service shows a revision only once there has been an update.
  if (machine.updated != machine.created) output = output.with("revisionId", machine.revision_id);
  return output;
}

}  // namespace

void describe_state_machine(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  answer(describe(rooms.engine, input));
}

}  // namespace pawl::api::states
