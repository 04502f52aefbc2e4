#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"

namespace pawl::api::states {
namespace {

Result<engine::MachineChange> read(const json::Value& input) {
  TRY(refuse_unsupported(input, {"publish", "versionDescription"}));
  TRY(check_configuration(input));
  engine::MachineChange change;
  change.arn = TRY(required_text(input, "stateMachineArn", arn_characters_max));
  TRY(check_arn(change.arn, "stateMachine"));
  change.definition = TRY(optional_text(input, "definition"));
  change.role_arn = TRY(optional_text(input, "roleArn"));
  const bool has_change = change.definition || change.role_arn ||
                          input.find("loggingConfiguration") != nullptr ||
                          input.find("tracingConfiguration") != nullptr ||
                          input.find("encryptionConfiguration") != nullptr;
  if (!has_change)
    return Error(ErrorCode::invalid_argument,
                 "MissingRequiredParameter: Either the definition, the role ARN, the "
                 "LoggingConfiguration, or the TracingConfiguration must be specified");
  return change;
}

}  // namespace

void update_state_machine(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto change = read(input);
  if (!change) return answer(std::move(change).error());
  rooms.engine.update_machine(*std::move(change), [answer](Result<store::Machine> updated) {
    if (!updated) return answer(std::move(updated).error());
    answer(json::Value::object(
        {{"updateDate", epoch_seconds(updated->updated)}, {"revisionId", updated->revision_id}}));
  });
}

}  // namespace pawl::api::states
