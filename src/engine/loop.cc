#include "engine/loop.h"

#include "base/log.h"
#include "base/text.h"
#include "engine/limits.h"
#include "world/moment.h"

namespace pawl::engine {

void Engine::Loop::run() {
  while (!inbox.is_closed()) {
    if (internal.empty()) {
      Duration wait = clock_look_interval;
      if (const auto next = timers.next()) wait = std::min(wait, *next - clock.now());
      if (wait > Duration::zero()) inbox.wait(wait);
    }
    if (!run_turn().has_value()) return;
  }
}

Result<size_t> Engine::Loop::run_turn() {
  if (failure) return *failure;
  turn = {};
  decide_all();
  const Result<void> committed = commit();
  if (!committed.has_value()) {
    fail(committed.error());
    return committed.error();
  }
  carry_out();
  forget_closed();
  return turn.handled;
}

void Engine::Loop::decide_all() {
  for (const Timer& due : timers.take_due(clock.now(), commands_per_turn_max)) {
    ++turn.handled;
    OpenExecution* found = find_open(due.execution_id);
    if (found == nullptr || found->timers.erase(due.effect) == 0) continue;
    decide(*found, execution::TimerDue{due.effect});
    settle();
  }
  for (Message& message : inbox.take(commands_per_turn_max)) {
    ++turn.handled;
    std::visit([this](auto& each) { take(std::move(each)); }, message);
    settle();
  }
  while (!internal.empty() && turn.handled < commands_per_turn_max) {
    ++turn.handled;
    Internal next = std::move(internal.front());
    internal.pop_front();
    std::visit([this](auto& each) { take(std::move(each)); }, next);
    settle();
  }
}

// Stops the children of what has just ended, and theirs.
void Engine::Loop::settle() {
  while (!to_stop.empty()) {
    OpenExecution* child = find_open(to_stop.front());
    to_stop.pop_front();
    if (child != nullptr) decide(*child, execution::Stop{});
  }
}

Result<void> Engine::Loop::commit() {
  if (turn.writes.empty()) return {};
  world::moment("before_commit");
  TRY(store.commit(turn.writes));
  world::moment("after_commit");
  return {};
}

void Engine::Loop::carry_out() {
  struct Actor {
    Loop& loop;
    void operator()(RunTask& act) {
      // A task that has ended in the turn that asked for it need not begin.
      if (loop.reported(act.request.id)) act.runner->start(std::move(act.request));
    }
    void operator()(const EndTask& act) { act.runner->cancel(act.task_id); }
    void operator()(const StartTimer& act) { loop.timers.set(act.timer); }
    void operator()(const EndTimer& act) { loop.timers.clear(act.timer); }
  };
  for (Act& act : turn.acts) std::visit(Actor{*this}, act);
  for (const auto& reply : turn.replies) reply(nullptr);
  if (!turn.writes.empty()) world::moment("after_effects");
}

// What is in memory may now be ahead of the disk, so nothing may be decided on it any more.
void Engine::Loop::fail(const Error& error) {
  log(LogLevel::error, "the engine stops, a commit has failed", {{"error", error.text()}});
  failure = error;
  for (const auto& reply : turn.replies) reply(&error);
  refuse_waiting(error);
}

void Engine::Loop::refuse_waiting(const Error& error) {
  for (Message& message : inbox.close(error)) {
    std::visit(
        [&](auto& each) {
          if constexpr (requires { each.reply; }) {
            if (each.reply) each.reply(error);
          }
        },
        message);
  }
}

}  // namespace pawl::engine
