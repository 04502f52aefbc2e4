#include "api/fields.h"
#include "api/states/actions.h"

namespace pawl::api::states {
void send_task_heartbeat(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  rooms.engine.ask(
      engine::AnswerToken{.token = text_of(input, "taskToken"), .said = engine::TaskBeats{}},
      empty_answer(answer));
}

}  // namespace pawl::api::states
