#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/aliases.h"

namespace pawl::api::states {
void create_state_machine_alias(const Rooms& rooms, const json::Value& input,
                                const Answer& answer) {
  auto routes = read_routes(input);
  if (!routes) return answer(std::move(routes).error());
  rooms.engine.ask(
      engine::CreateAlias{.name = text_of(input, "name"),
                          .description = text_of(input, "description"),
                          .routes = *std::move(routes)},
      [answer](Result<store::Alias> created) {
        if (!created) return answer(std::move(created).error());
        answer(json::Value::object({{"stateMachineAliasArn", created->arn},
                                    {"creationDate", epoch_seconds(created->created)}}));
      });
}

}  // namespace pawl::api::states
