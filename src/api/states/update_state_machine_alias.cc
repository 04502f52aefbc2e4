#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/aliases.h"
#include "engine/service_errors.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<engine::UpdateAlias> read(const Value& input) {
  engine::UpdateAlias change;
  change.arn = TRY(arn_of(input, "stateMachineAliasArn", "stateMachine"));
  change.description = optional_text_of(input, "description");
  if (input["routingConfiguration"].is_array()) change.routes = TRY(read_routes(input));
  if (!change.description && !change.routes)
    return engine::invalid_request(
        "Either the description or the routing configuration must be specified");
  return change;
}

}  // namespace

void update_state_machine_alias(const Rooms& rooms, const json::Value& input,
                                const Answer& answer) {
  auto change = read(input);
  if (!change) return answer(std::move(change).error());
  rooms.engine.ask(*std::move(change), [answer](Result<store::Alias> updated) {
    if (!updated) return answer(std::move(updated).error());
    answer(json::Value::object({{"updateDate", epoch_seconds(updated->updated)}}));
  });
}

}  // namespace pawl::api::states
