#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"

namespace pawl::api::states {
namespace {

Result<json::Value> describe(engine::Engine& engine, const json::Value& input) {
  const auto arn = TRY(required_text(input, "executionArn", arn_characters_max));
  TRY(check_arn(arn, "execution"));
  const auto machine = TRY(engine.machine_of_execution(arn));
  auto output = description(machine).without("status").without("type").without("creationDate");
  output = output.with("updateDate", epoch_seconds(machine.updated));
  if (machine.updated != machine.created) output = output.with("revisionId", machine.revision_id);
  return output;
}

}  // namespace

void describe_state_machine_for_execution(const Rooms& rooms, const json::Value& input,
                                          const Answer& answer) {
  answer(describe(rooms.engine, input));
}

}  // namespace pawl::api::states
