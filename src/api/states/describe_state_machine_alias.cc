#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/aliases.h"
#include "engine/service_errors.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<Value> describe(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(arn_of(input, "stateMachineAliasArn", "stateMachine"));
  const auto alias = TRY(engine.catalogue().alias(arn));
  if (!alias) return engine::resource_not_found();
  Value::Object members = {{"stateMachineAliasArn", alias->arn},
                           {"name", alias->name},
                           {"routingConfiguration", routing_shown(*alias)},
                           {"creationDate", epoch_seconds(alias->created)},
                           {"updateDate", epoch_seconds(alias->updated)}};
  if (!alias->description.empty()) members.push_back({"description", alias->description});
  return Value(std::move(members));
}

}  // namespace

void describe_state_machine_alias(const Rooms& rooms, const json::Value& input,
                                  const Answer& answer) {
  answer(describe(rooms.engine, input));
}

}  // namespace pawl::api::states
