#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/configuration.h"
#include "engine/names.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<engine::MachineChange> read(const Value& input) {
  engine::MachineChange change;
  change.arn = TRY(machine_arn_of(input));
  change.definition = optional_text_of(input, "definition");
  change.role_arn = optional_text_of(input, "roleArn");
  if (change.role_arn) TRY(check_role(*change.role_arn));
  change.settings = TRY(read_settings(input, change.arn));
  change.publish = TRY(read_publish(input));
  change.version_description = text_of(input, "versionDescription");
  return change;
}

}  // namespace

void update_state_machine(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto change = read(input);
  if (!change) return answer(std::move(change).error());
  const bool publish = change->publish;
  rooms.engine.update_machine(
      *std::move(change), [answer, publish](Result<store::Machine> updated) {
        if (!updated) return answer(std::move(updated).error());
        auto output = json::Value::object({{"updateDate", epoch_seconds(updated->updated)}});
        if (!updated->revision_id.empty()) output = output.with("revisionId", updated->revision_id);
        if (publish)
          output = output.with("stateMachineVersionArn",
                               engine::version_arn(updated->arn, updated->last_version));
        answer(std::move(output));
      });
}

}  // namespace pawl::api::states
