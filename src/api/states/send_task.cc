#include "api/fields.h"
#include "api/states/actions.h"
#include "base/text.h"
#include "json/parse.h"

namespace pawl::api::states {

// What whoever holds a task's token may say of it.

void send_task_success(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  engine::AnswerToken said{.token = text_of(input, "taskToken"), .said = {}};
  if (auto output = json::parse(text_of(input, "output"))) {
    said.said = *std::move(output);
  } else {
    said.said = Error(ErrorCode::invalid_argument,
                      concat("InvalidOutput: Invalid Output: '", output.error().message(), "'"));
  }
  rooms.engine.ask(std::move(said), empty_answer(answer));
}

void send_task_failure(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  asl::Failure failure{text_of(input, "error"), text_of(input, "cause")};
  rooms.engine.ask(
      engine::AnswerToken{.token = text_of(input, "taskToken"), .said = std::move(failure)},
      empty_answer(answer));
}

void send_task_heartbeat(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  rooms.engine.ask(
      engine::AnswerToken{.token = text_of(input, "taskToken"), .said = engine::TaskBeats{}},
      empty_answer(answer));
}

}  // namespace pawl::api::states
