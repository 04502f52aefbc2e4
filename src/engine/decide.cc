#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "engine/heartbeat.h"
#include "engine/loop.h"
#include "engine/task_id.h"
#include "json/write.h"

namespace pawl::engine {

namespace {

// The request that a task makes, without the pattern that says who answers.
std::string_view request_of(std::string_view resource) {
  constexpr std::string_view token_pattern = ".waitForTaskToken";
  if (resource.ends_with(token_pattern)) resource.remove_suffix(token_pattern.size());
  return resource;
}

}  // namespace

void Engine::Loop::decide(OpenExecution& open, const execution::Command& command) {
  if (open.is_closed()) return;
  execution::Decision decision = open.execution.decide(
      command,
      {.now = clock.now(),
       .entropy = random.next(),
       .data_bytes_max = options.input_bytes_max,
       .events_max = options.events_max,
       .stream_bytes_max = options.stream_bytes_max,
       .has_activity = [this](std::string_view arn) { return has_activity(std::string(arn)); }});
  // An effect that no record tells of would be forgotten by a crash.
  CHECK(!decision.record.empty() || decision.effects.empty());
  turn.work += decision.work;
  if (decision.record.empty()) return;
  if (!decision.beyond_service.empty() && !std::exchange(open.is_beyond_service, true))
    log(LogLevel::warning, concat("would fail on AWS: ", decision.beyond_service),
        {{"execution", open.row.arn}, {"hint", "pawl serve --strict-aws has it fail here too."}});
  turn.decided.push_back(open.row.id);
  turn.writes.push_back(store::AppendRecord{open.row.id, std::move(decision.record),
                                            std::move(decision.large_parts)});
  for (execution::Effect& effect : decision.effects) {
    std::visit([&](auto& each) { take_effect(open, std::move(each)); }, effect);
  }
}

void Engine::Loop::take_effect(OpenExecution& open, execution::StartTask effect) {
  if (open.task_ids.empty()) open.task_ids = task_id_prefix(open.row);
  OpenTask task{.id = concat(open.task_ids, effect.id),
                .resource = effect.resource,
                .state = effect.state,
                .runner = nullptr,
                .progress = {},
                .heartbeat_interval = heartbeat_interval(open.machine, effect.state),
                .last_heartbeat = clock.now(),
                .token = effect.token,
                .waits_for_token = effect.waits_for_token};
  const bool is_activity = !effect.token.empty() && !effect.waits_for_token;
  if (is_activity || (effect.waits_for_token && effect.is_handed_over)) {
    // A worker shall answer, or whoever was asked; those who have it already are left in peace.
    if (!effect.is_handed_over)
      turn.acts.push_back(OfferTask{open.row.id, effect.id, std::move(effect.input)});
    open.tasks.insert_or_assign(effect.id, std::move(task));
    return;
  }
  const std::string_view resource = request_of(effect.resource);
  if (const auto form = child_form(resource)) {
    internal.push_back(StartChild{open.row.id, effect.id, *form, std::move(effect.input)});
    open.tasks.insert_or_assign(effect.id, std::move(task));
    return;
  }
  for (TaskRunner* runner : runners) {
    if (task.runner == nullptr && runner->accepts(resource)) task.runner = runner;
  }
  if (task.runner == nullptr) {
    asl::Failure unknown{"Pawl.UnknownResource",
                         concat("Nothing here runs tasks of the resource '", effect.resource,
                                "', which state '", effect.state, "' asks for")};
    internal.push_back(AnswerTask{open.row.id, effect.id, std::move(unknown)});
  } else {
    turn.acts.push_back(RunTask{task.runner,
                                {.id = task.id,
                                 .execution_arn = open.row.arn,
                                 .execution_name = open.row.name,
                                 .state = std::move(effect.state),
                                 .resource = std::string(resource),
                                 .input = std::move(effect.input),
                                 .attempt = effect.attempt}});
  }
  open.tasks.insert_or_assign(effect.id, std::move(task));
}

void Engine::Loop::take_effect(OpenExecution& open, const execution::CancelTask& effect) {
  end_task(open, effect.id);
}

void Engine::Loop::end_task(OpenExecution& open, execution::EffectId effect) {
  const auto task = open.tasks.find(effect);
  if (task == open.tasks.end()) return;
  if (task->second.place) activity_tasks.remove(*task->second.place);
  if (task->second.runner == nullptr) {
    stop_child(open, effect);
  } else {
    turn.acts.push_back(EndTask{task->second.runner, task->second.id});
  }
  open.tasks.erase(task);
}

void Engine::Loop::take_effect(OpenExecution& open, const execution::SetTimer& effect) {
  open.timers[effect.id] = effect.due;
  turn.acts.push_back(StartTimer{{effect.due, open.row.id, effect.id}});
}

void Engine::Loop::take_effect(OpenExecution& open, const execution::ClearTimer& effect) {
  const auto timer = open.timers.find(effect.id);
  if (timer == open.timers.end()) return;
  turn.acts.push_back(EndTimer{{timer->second, open.row.id, effect.id}});
  open.timers.erase(timer);
}

void Engine::Loop::take_effect(OpenExecution& open, const execution::Close& effect) {
  store::Execution& row = open.row;
  row.status = execution::name(effect.status);
  row.stopped = clock.now();
  if (effect.status == execution::Status::succeeded) row.output = json::write(effect.output);
  row.error = effect.error;
  row.cause = effect.cause;
  turn.writes.push_back(
      store::CloseExecution{row.id, row.status, *row.stopped, row.output, row.error, row.cause});
  while (!open.tasks.empty()) end_task(open, open.tasks.begin()->first);
  for (const auto& [id, due] : open.timers) turn.acts.push_back(EndTimer{{due, row.id, id}});
  open.timers.clear();
  child_closed(open);
  const auto waiting = awaited.find(row.id);
  if (waiting != awaited.end()) {
    turn.answer<store::Execution>(std::move(waiting->second), row);
    awaited.erase(waiting);
  }
  turn.closed.push_back(row.id);
}

}  // namespace pawl::engine
