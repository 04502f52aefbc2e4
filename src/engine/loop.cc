#include "engine/loop.h"

#include "base/log.h"
#include "base/text.h"
#include "engine/limits.h"
#include "engine/names.h"
#include "world/moment.h"

namespace pawl::engine {

namespace {

// Whether the command reads what another one of the same turn may have changed.
struct ReadsCatalogue {
  bool operator()(const CreateMachine& command) const { return command.machine.publish; }
  bool operator()(const UpdateMachine& command) const { return command.change.publish; }
  bool operator()(const StartExecution& command) const { return is_qualified(command.execution); }
  bool operator()(const RunExecution& command) const { return is_qualified(command.execution); }
  bool operator()(const Ask<AnswerToken>&) const { return false; }
  bool operator()(const Ask<RedriveExecution>&) const { return false; }
  bool operator()(const Ask<ChangeMapRun>&) const { return false; }
  bool operator()(const Ask<KeepRows>&) const { return false; }
  template <typename Request>
  bool operator()(const Ask<Request>&) const {
    return true;
  }
  template <typename Command>
  bool operator()(const Command&) const {
    return false;
  }

  static bool is_qualified(const NewExecution& execution) {
    return !parse_machine_arn(execution.machine_arn).is_plain();
  }
};

template <typename Command>
void refuse(Command& command, const Error& error) {
  if constexpr (requires { command.reply; }) {
    if (command.reply) command.reply(error);
  }
}

void refuse_all(std::deque<Message> messages, const Error& error) {
  for (Message& message : messages) std::visit([&](auto& each) { refuse(each, error); }, message);
}

// Each of those that a turn serves has a share of it, and at least one command, so that none waits
// for the others to come to an end.
class Share {
 public:
  explicit Share(const Turn& turn)
      : turn_(turn), handled_before_(turn.handled), work_before_(turn.work) {}
  bool is_used_up() const {
    return turn_.handled - handled_before_ >= commands_per_turn_max ||
           turn_.work - work_before_ >= work_per_share_max;
  }

 private:
  const Turn& turn_;
  const size_t handled_before_;
  const int64_t work_before_;
};

}  // namespace

void Engine::Loop::run() {
  while (!inbox.is_closed()) {
    if (internal.empty() && taken.empty()) {
      Duration wait = clock_look_interval;
      if (const auto next = next_timer()) wait = std::min(wait, *next - clock.now());
      if (wait > Duration::zero()) inbox.wait(wait);
    }
    if (!run_turn().has_value()) return;
  }
}

std::optional<Instant> Engine::Loop::next_timer() const {
  const auto timer = timers.next(), poll = polls.next_deadline();
  if (!timer || !poll) return timer ? timer : poll;
  return std::min(*timer, *poll);
}

Result<size_t> Engine::Loop::run_turn() {
  if (failure) return *failure;
  turn = {};
  turn_began = clock.now();
  const store::OneMoment reading(store);
  Result<void> done = decide_all();
  if (done.has_value()) done = end_turn();
  turn_began = Instant();
  TRY(std::move(done));
  return turn.handled;
}

Duration Engine::Loop::turn_lasts() const {
  const Instant began = turn_began;
  return began == Instant() ? Duration::zero() : clock.now() - began;
}

Result<void> Engine::Loop::decide_all() {
  end_due_polls();
  decide_timers();
  TRY(decide_messages());
  return decide_internal();
}

void Engine::Loop::decide_timers() {
  const Instant now = clock.now();
  for (const Share share(turn); !share.is_used_up();) {
    const auto due = timers.take_due(now);
    if (!due) return;
    ++turn.handled;
    const Result<OpenExecution*> found = awake(due->execution_id);
    if (!found.has_value()) {
      const Duration delay = asleep.put_off(due->execution_id);
      if (const auto left_out = asleep.admit_line(found.error(), now))
        log(LogLevel::error, "an execution that is due cannot be read and sleeps on",
            {{"execution_id", concat(due->execution_id)},
             {"error", found.error().text()},
             {"tried_again_in", format_duration(delay)},
             {"left_out", concat(*left_out)}});
      timers.set({now + delay, due->execution_id, due->effect});
      continue;
    }
    if (*found == nullptr || (*found)->timers.erase(due->effect) == 0) continue;
    decide(**found, execution::TimerDue{due->effect});
    settle();
  }
}

// Those that are there now; what comes meanwhile waits for the next turn, as does what this one has
// no time for.
Result<void> Engine::Loop::decide_messages() {
  if (taken.empty()) taken = inbox.take(commands_per_turn_max);
  for (const Share share(turn); !taken.empty() && !share.is_used_up();) {
    if (turn.changes_catalogue && std::visit(ReadsCatalogue(), taken.front())) TRY(end_turn());
    ++turn.handled;
    Message message = std::move(taken.front());
    taken.pop_front();
    std::visit([this](auto& each) { take(std::move(each)); }, message);
    settle();
  }
  for (TaskProgressed& report : inbox.take_progress()) {
    ++turn.handled;
    take(std::move(report));
    settle();
  }
  return {};
}

Result<void> Engine::Loop::decide_internal() {
  for (const Share share(turn); !internal.empty() && !share.is_used_up();) {
    if (turn.changes_catalogue) TRY(end_turn());
    ++turn.handled;
    Internal next = std::move(internal.front());
    internal.pop_front();
    std::visit([this](auto& each) { take(std::move(each)); }, next);
    settle();
  }
  return {};
}

// Makes durable what was decided, and carries it out.
Result<void> Engine::Loop::end_turn() {
  const Result<void> committed = commit();
  if (!committed.has_value()) {
    fail(committed.error());
    return committed.error();
  }
  carry_out();
  forget_closed();
  put_to_sleep(turn.decided);
  Turn next;
  next.handled = turn.handled;
  next.work = turn.work;
  turn = std::move(next);
  return {};
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
  if (store.failed_read()) return *store.failed_read();
  if (turn.writes.empty()) return {};
  world::moment("before_commit");
  store.end_reading();
  Result<void> committed = store.commit(turn.writes);
  store.begin_reading();
  TRY(std::move(committed));
  world::moment("after_commit");
  return {};
}

void Engine::Loop::carry_out() {
  struct Actor {
    Loop& loop;
    std::map<TaskRunner*, std::vector<TaskRequest>> tasks;
    void operator()(RunTask& act) {
      // A task that has ended in the turn that asked for it need not begin.
      if (loop.reported(act.request.id)) tasks[act.runner].push_back(std::move(act.request));
    }
    void operator()(const EndTask& act) { act.runner->cancel(act.task_id); }
    void operator()(const StartTimer& act) { loop.timers.set(act.timer); }
    void operator()(const EndTimer& act) { loop.timers.clear(act.timer); }
    void operator()(OfferTask& act) { loop.offer(std::move(act)); }
  };
  Actor actor{*this, {}};
  for (Act& act : turn.acts) std::visit(actor, act);
  for (auto& [runner, requests] : actor.tasks) runner->start_all(std::move(requests));
  for (const auto& reply : turn.replies) reply(nullptr);
  if (!turn.writes.empty()) world::moment("after_effects");
}

// What is in memory may now be ahead of the disk, so nothing may be decided on it any more.
void Engine::Loop::fail(const Error& error) {
  log(LogLevel::error, "the engine stops, the store has failed", {{"error", error.text()}});
  failure = error;
  // Closed before anybody is told: who asks then whether the server is ready is to learn the same.
  std::deque<Message> waiting = inbox.close(Error(error).within(
      "the store has failed, and nothing is taken on until the server is started again"));
  for (const auto& reply : turn.replies) reply(&error);
  refuse_all(std::move(waiting), error);
  refuse_all(std::exchange(taken, {}), error);
  send_away();
}

void Engine::Loop::refuse_waiting(const Error& error) { refuse_all(inbox.close(error), error); }

// REQUIRES: the loop turns no more. Whoever waits for something to happen waits no longer.
void Engine::Loop::send_away() {
  const Error stopping(ErrorCode::unavailable, "ServiceUnavailable: the server is stopping",
                       "Ask again when it has started.");
  refuse_all(std::exchange(taken, {}), stopping);
  for (Internal& each : std::exchange(internal, {}))
    if (auto* hand_over = std::get_if<HandOver>(&each)) hand_over->poll.reply(stopping);
  for (ActivityPolls::Poll& poll : polls.take_all()) poll.reply(stopping);
  for (auto& [execution_id, reply] : std::exchange(awaited, {})) reply(stopping);
}

}  // namespace pawl::engine
