#include "engine/loop.h"
#include "engine/service_errors.h"
#include "engine/task_token.h"

namespace pawl::engine {

Result<void> Engine::Loop::carry(AnswerToken request) {
  const auto token = parse_task_token(request.token);
  if (!token) return invalid_token();
  if (auto* error = std::get_if<Error>(&request.said)) return std::move(*error);
  OpenExecution* found = find_open(token->execution_id);
  if (found == nullptr) {
    if (token->execution_id >= next_execution_id) return invalid_token();
    const auto left_out = damaged.find(token->execution_id);
    if (left_out != damaged.end()) return left_out->second;
    return task_timed_out();
  }
  if (task_token(found->execution.identity(), token->effect) != request.token)
    return invalid_token();
  if (!found->tasks.contains(token->effect)) return task_timed_out();
  if (std::holds_alternative<TaskBeats>(request.said)) {
    decide(*found, execution::TaskHeartbeat{token->effect});
  } else if (auto* output = std::get_if<json::Value>(&request.said)) {
    answer_task(*found, token->effect, std::move(*output));
  } else {
    answer_task(*found, token->effect, std::get<asl::Failure>(std::move(request.said)));
  }
  return {};
}

}  // namespace pawl::engine
