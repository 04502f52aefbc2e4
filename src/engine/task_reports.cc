#include "engine/loop.h"
#include "engine/task_id.h"

namespace pawl::engine {

void Engine::Loop::finished(std::string_view task_id, asl::Outcome<json::Value> outcome) {
  inbox.push_report(TaskFinished{std::string(task_id), std::move(outcome)});
}

void Engine::Loop::submitted(std::string_view task_id, json::Value output) {
  inbox.push_report(TaskHandedOver{std::string(task_id), std::move(output)});
}

void Engine::Loop::progressed(std::string_view task_id, Progress progress) {
  inbox.push_progress(task_id, std::move(progress));
}

// The execution and task a report is about. Nothing where the task has ended meanwhile, or was
// never ours.
std::optional<Engine::Loop::Reported> Engine::Loop::reported(const std::string& task_id) {
  const auto id = parse_task_id(task_id);
  if (!id) return std::nullopt;
  OpenExecution* found = find_open(id->execution_id);
  if (found == nullptr) return std::nullopt;
  const auto task = found->tasks.find(id->effect);
  if (task == found->tasks.end() || task->second.id != task_id) return std::nullopt;
  return Reported{found, id->effect};
}

void Engine::Loop::take(TaskFinished report) {
  if (const auto about = reported(report.task_id)) {
    finish_task(*about->open, about->effect, std::move(report.outcome));
  }
}

void Engine::Loop::take(TaskHandedOver report) {
  if (const auto about = reported(report.task_id)) {
    decide(*about->open, execution::TaskSubmitted{about->effect, std::move(report.output)});
  }
}

void Engine::Loop::take(TaskProgressed report) {
  const auto about = reported(report.task_id);
  if (!about) return;
  OpenTask& task = about->open->tasks.at(about->effect);
  task.progress = std::move(report.progress);
  const Instant now = clock.now();
  if (task.waits_for_token || !task.heartbeat_interval ||
      now - task.last_heartbeat < *task.heartbeat_interval)
    return;
  task.last_heartbeat = now;
  decide(*about->open, execution::TaskHeartbeat{about->effect});
}

// The end of the request that a task makes. Where the answer is to come by the token, success only
// means that whoever shall give it has been asked.
void Engine::Loop::finish_task(OpenExecution& open, execution::EffectId task,
                               asl::Outcome<json::Value> outcome) {
  const auto found = open.tasks.find(task);
  if (found == open.tasks.end()) return;
  if (found->second.waits_for_token && outcome.has_value()) {
    found->second.runner = nullptr;
    return decide(open, execution::TaskSubmitted{task, std::move(outcome).value()});
  }
  answer_task(open, task, std::move(outcome));
}

void Engine::Loop::answer_task(OpenExecution& open, execution::EffectId task,
                               asl::Outcome<json::Value> outcome) {
  const auto found = open.tasks.find(task);
  if (found == open.tasks.end()) return;
  if (found->second.place) activity_tasks.remove(*found->second.place);
  // An answer by the token may come before the request has ended.
  if (found->second.runner != nullptr && found->second.waits_for_token)
    turn.acts.push_back(EndTask{found->second.runner, found->second.id});
  open.tasks.erase(found);
  if (outcome.has_value()) {
    decide(open, execution::TaskSucceeded{task, std::move(outcome).value()});
  } else {
    asl::Failure failure = std::move(outcome).error();
    decide(open, execution::TaskFailed{task, std::move(failure.error), std::move(failure.cause)});
  }
}

}  // namespace pawl::engine
