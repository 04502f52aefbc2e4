#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
void delete_activity(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto arn = arn_of(input, "activityArn", "activity");
  if (!arn) return answer(std::move(arn).error());
  rooms.engine.ask(engine::DeleteActivity{*std::move(arn)}, empty_answer(answer));
}

}  // namespace pawl::api::states
