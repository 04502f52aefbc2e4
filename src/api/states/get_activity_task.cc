#include "api/fields.h"
#include "api/states/actions.h"
#include "json/write.h"

namespace pawl::api::states {
// Answered when there is a task, or without one after a minute.
void get_activity_task(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  auto arn = arn_of(input, "activityArn", "activity");
  if (!arn) return answer(std::move(arn).error());
  rooms.engine.ask(engine::PollActivity{.arn = *std::move(arn),
                                        .worker_name = text_of(input, "workerName"),
                                        .is_worker_there = rooms.is_client_there},
                   [answer](Result<engine::ActivityTask> task) {
                     if (!task) return answer(std::move(task).error());
                     if (task->token.empty())
                       return answer(json::Value::object({{"taskToken", nullptr}}));
                     answer(json::Value::object(
                         {{"taskToken", task->token}, {"input", json::write(task->input)}}));
                   });
}

}  // namespace pawl::api::states
