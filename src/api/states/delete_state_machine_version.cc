#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
void delete_state_machine_version(const Rooms& rooms, const json::Value& input,
                                  const Answer& answer) {
  auto arn = arn_of(input, "stateMachineVersionArn", "stateMachine");
  if (!arn) return answer(std::move(arn).error());
  rooms.engine.ask(engine::DeleteVersion{*std::move(arn)}, empty_answer(answer));
}

}  // namespace pawl::api::states
