#include "api/fields.h"
#include "api/states/actions.h"
#include "base/text.h"
#include "json/parse.h"

namespace pawl::api::states {
void send_task_success(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto output = json::parse(text_of(input, "output"));
  if (!output)
    return answer(Error(ErrorCode::invalid_argument,
                        concat("InvalidOutput: Invalid Output: '", output.error().message(), "'")));
  rooms.engine.ask(
      engine::AnswerToken{.token = text_of(input, "taskToken"), .said = *std::move(output)},
      empty_answer(answer));
}

}  // namespace pawl::api::states
