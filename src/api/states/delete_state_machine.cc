#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
void delete_state_machine(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto arn = machine_arn_of(input);
  if (!arn) return answer(std::move(arn).error());
  rooms.engine.delete_machine(*std::move(arn), empty_answer(answer));
}

}  // namespace pawl::api::states
