#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"
#include "api/states/tags.h"
#include "engine/names.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<engine::NewMachine> read(const Value& input) {
  engine::NewMachine machine;
  machine.name = text_of(input, "name");
  machine.definition = text_of(input, "definition");
  machine.role_arn = text_of(input, "roleArn");
  TRY(check_role(machine.role_arn));
  machine.type = input.string_at("type").value_or("STANDARD");
  machine.settings = TRY(read_settings(input, machine.name));
  machine.tags = TRY(tags_of(input));
  machine.publish = TRY(read_publish(input));
  machine.version_description = text_of(input, "versionDescription");
  return machine;
}

}  // namespace

void create_state_machine(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto machine = read(input);
  if (!machine) return answer(std::move(machine).error());
  const bool publish = machine->publish;
  rooms.engine.create_machine(
      *std::move(machine), [answer, publish](Result<store::Machine> created) {
        if (!created) return answer(std::move(created).error());
        auto output = json::Value::object(
            {{"stateMachineArn", created->arn}, {"creationDate", epoch_seconds(created->created)}});
        if (publish)
          output = output.with("stateMachineVersionArn",
                               engine::version_arn(created->arn, created->last_version));
        answer(std::move(output));
      });
}

}  // namespace pawl::api::states
