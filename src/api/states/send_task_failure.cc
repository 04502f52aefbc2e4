#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
void send_task_failure(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  asl::Failure failure{text_of(input, "error"), text_of(input, "cause")};
  rooms.engine.ask(
      engine::AnswerToken{.token = text_of(input, "taskToken"), .said = std::move(failure)},
      empty_answer(answer));
}

}  // namespace pawl::api::states
