#include "engine/loop.h"
#include "engine/task_id.h"

namespace pawl::engine {

void Engine::Loop::take(StartChild command) {
  OpenExecution* parent = find_open(command.parent_id);
  // The task may have ended before its turn came.
  if (parent == nullptr || !parent->tasks.contains(command.task)) return;
  const std::string task_id = parent->tasks.at(command.task).id;
  auto request = child_request(task_id, command.parameters);
  if (!request.has_value()) {
    return finish_task(*parent, command.task, std::move(request).error());
  }
  auto opened = open_execution({*std::move(request), task_id});
  if (!opened.has_value()) {
    return finish_task(*parent, command.task, child_refused(opened.error()));
  }
  const store::Execution& child = opened->row;
  json::Value started = child_started({child.arn, child.started});
  if (command.form == ChildForm::request) {
    return finish_task(*parent, command.task, std::move(started));
  }
  // Told again after a crash; the parent records it once.
  decide(*parent, execution::TaskSubmitted{command.task, std::move(started)});
  if (child.stopped) return finish_task(*parent, command.task, child_outcome(command.form, child));
  children.wait({command.parent_id, command.task, command.form}, {child.id, child.arn});
}

void Engine::Loop::take(AnswerTask command) {
  if (OpenExecution* found = find_open(command.execution_id)) {
    finish_task(*found, command.task, std::move(command.outcome));
  }
}

// Found by who started it, not by who waits: after a crash the task may end before it has joined
// its child again. A child that a client had started, and the task only joined, goes on.
void Engine::Loop::stop_child(const OpenExecution& parent, execution::EffectId task) {
  children.forget(parent.row.id, task);
  const OpenTask& ended = parent.tasks.at(task);
  if (ended.waits_for_token || child_form(ended.resource) == ChildForm::request) return;
  const auto child = open_by_starter.find(ended.id);
  if (child != open_by_starter.end()) to_stop.push_back(child->second);
}

void Engine::Loop::child_closed(const OpenExecution& child) {
  for (const auto& waiter : children.take_waiters(child.row.id)) {
    internal.push_back(
        AnswerTask{waiter.parent_id, waiter.task, child_outcome(waiter.form, child.row)});
  }
}

}  // namespace pawl::engine
