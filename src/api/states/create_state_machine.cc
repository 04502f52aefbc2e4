#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"

namespace pawl::api::states {
namespace {

Result<engine::NewMachine> read(const json::Value& input) {
  TRY(refuse_unsupported(input, {"tags", "publish", "versionDescription"}));
  TRY(check_configuration(input));
  engine::NewMachine machine;
  machine.name = TRY(required_text(input, "name", name_characters_max));
  machine.definition = TRY(required_text(input, "definition"));
  machine.role_arn = TRY(required_text(input, "roleArn", arn_characters_max));
  machine.type = TRY(one_of(input, "type", {"STANDARD", "EXPRESS"}, "STANDARD"));
  if (machine.type == "EXPRESS")
    return Error(ErrorCode::unsupported,
                 "StateMachineTypeNotSupported: EXPRESS state machines are not supported yet");
  return machine;
}

}  // namespace

void create_state_machine(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto machine = read(input);
  if (!machine) return answer(std::move(machine).error());
  rooms.engine.create_machine(*std::move(machine), [answer](Result<store::Machine> created) {
    if (!created) return answer(std::move(created).error());
    answer(json::Value::object(
        {{"stateMachineArn", created->arn}, {"creationDate", epoch_seconds(created->created)}}));
  });
}

}  // namespace pawl::api::states
