#include "execution/execution.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "base/text.h"
#include "execution/states/states.h"

namespace pawl::execution {

struct Execution::State {
  Live live;
};

std::string_view name(Status status) {
  switch (status) {
    case Status::running:
      return "RUNNING";
    case Status::succeeded:
      return "SUCCEEDED";
    case Status::failed:
      return "FAILED";
    case Status::timed_out:
      return "TIMED_OUT";
    case Status::aborted:
      return "ABORTED";
  }
  return "RUNNING";
}

std::string cannot_be_redriven(std::string_view status) {
  return concat("Execution is ", status, " and cannot be redriven");
}

std::string task_token(const Identity& identity, EffectId task) {
  const std::string& prefix =
      identity.token_prefix.empty() ? identity.execution_arn : identity.token_prefix;
  const std::string token = concat(prefix, ".", task);
  const std::string& key = identity.token_key;
  if (key.empty()) return token;
  // Keyed at both ends, so that nothing can be put behind what is hashed.
  constexpr size_t mark_digits = 48;
  return concat(token, ".", sha256(concat(key, "\n", token, "\n", key)).substr(0, mark_digits));
}

namespace {

// What each command does to a live execution that has begun. `effect` is what it answers.
struct Carried {
  Turn& turn;

  Frame* task(EffectId id) {
    Frame* frame = turn.live().waiting_for(id);
    const auto* waiting = frame == nullptr ? nullptr : frame->waits<OnTask>();
    return waiting != nullptr && waiting->id == id ? frame : nullptr;
  }

  // The Map that has sent out this errand.
  Frame* errand(EffectId id) {
    Frame* frame = turn.live().waiting_for(id);
    return frame != nullptr && frame->waits<OnChildren>() != nullptr ? frame : nullptr;
  }

  void operator()(const Begin&) {}
  void operator()(const TaskSucceeded& command) {
    if (Frame* map = errand(command.task)) return errand_done(turn, *map, command.output);
    if (Frame* frame = task(command.task)) task_answered(turn, *frame, command.output);
  }
  void operator()(const TaskFailed& command) {
    if (Frame* map = errand(command.task))
      return errand_failed(turn, *map, {command.error, command.cause});
    Frame* frame = task(command.task);
    if (frame == nullptr) return;
    turn.happen({.type = EventType::task_failed,
                 .frame = frame->id,
                 .error = command.error,
                 .cause = command.cause});
    fail(turn, *frame, {{command.error, command.cause}});
  }
  void operator()(const TaskSubmitted& command) {
    if (Frame* frame = task(command.task)) task_submitted(turn, *frame, command.output);
  }
  void operator()(const TaskTaken& command) {
    if (Frame* frame = task(command.task)) task_taken(turn, *frame, command.worker_name);
  }
  void operator()(const TaskHeartbeat& command) {
    if (Frame* frame = task(command.task)) task_beats(turn, *frame);
  }
  void operator()(const TimerDue& command) {
    if (turn.live().deadline && turn.live().deadline->id == command.timer)
      return turn.close({.type = EventType::timed_out});
    Frame* frame = turn.live().waiting_for(command.timer);
    const bool is_timer = frame != nullptr && !errand(command.timer) && !task(command.timer);
    if (is_timer) timer_due(turn, *frame, command.timer);
  }
  void operator()(const Redrive& command) {
    turn.happen({.type = EventType::redriven, .number = command.count});
    turn.resume(turn.live().root());
  }
  void operator()(const ChangeMapRun& command) {
    if (Frame* map = turn.live().running(command.arn)) change_run(turn, *map, command.named);
  }
  void operator()(const Stop& command) {
    turn.close({.type = EventType::aborted, .error = command.error, .cause = command.cause});
  }
};

void begin(Turn& turn) {
  turn.happen({.type = EventType::begun});
  const auto& states = turn.live().machine.states;
  turn.go(turn.live().root(), states.at(states.start_at));
}

EffectId answered(const Command& command) {
  if (const auto* done = std::get_if<TaskSucceeded>(&command)) return done->task;
  if (const auto* failed = std::get_if<TaskFailed>(&command)) return failed->task;
  if (const auto* due = std::get_if<TimerDue>(&command)) return due->timer;
  return 0;
}

std::vector<int64_t> iterations_around(const Frame& frame) {
  std::vector<int64_t> indexes;
  for (const Frame* around = &frame; around != nullptr; around = around->parent)
    if (around->is_iteration()) indexes.insert(indexes.begin(), around->index);
  return indexes;
}

Activity activity(const Frame& frame) {
  Activity found{.state = frame.state->name,
                 .type = std::string(frame.state->type()),
                 .iteration = iterations_around(frame),
                 .since = frame.entered,
                 .attempt = frame.retry_count};
  if (const auto* task = frame.waits<OnTask>()) {
    found.since = task->since;
    found.effect = task->id;
  } else if (const auto* wait = frame.waits<OnTimer>()) {
    found.since = wait->since;
    found.effect = wait->timer.id;
    found.due = wait->timer.due;
  } else if (const auto* children = frame.waits<OnChildren>();
             children != nullptr && children->run && children->run->errand) {
    found.since = children->run->errand->since;
    found.effect = children->run->errand->id;
  }
  return found;
}

}  // namespace

Execution::Execution(const asl::Machine& machine, Identity identity)
    : state_(new State{Live(machine, std::move(identity))}) {}

Execution::~Execution() = default;

Decision Execution::decide(const Command& command, const Facts& facts) {
  Live& live = state_->live;
  const bool is_begin = std::holds_alternative<Begin>(command);
  if (std::holds_alternative<Redrive>(command)) {
    if (!redrive_refusal(facts.events_max).empty()) return {};
  } else if (live.status != Status::running || live.has_begun == is_begin) {
    return {};
  }
  Turn turn(live, facts, answered(command));
  if (is_begin) {
    begin(turn);
  } else {
    std::visit(Carried{turn}, command);
  }
  turn.run_ready();
  return std::move(turn).finish();
}

Result<void> Execution::replay(std::string_view record) {
  Live& live = state_->live;
  auto reader = TRY(RecordReader::open(live, record));
  while (auto event = TRY(reader.next())) TRY(apply(live, *event, reader.now()));
  return {};
}

std::vector<Effect> Execution::pending() const {
  std::vector<Effect> all;
  const Live& live = state_->live;
  if (live.deadline) all.push_back(SetTimer{live.deadline->id, live.deadline->due});
  for (const Frame* frame : live.frames())
    for (auto& effect : effects(live, *frame)) all.push_back(std::move(effect));
  return all;
}

Status Execution::status() const { return state_->live.status; }

std::string Execution::redrive_refusal(int64_t events_max) const {
  const Live& live = state_->live;
  const std::string refusal = execution::redrive_refusal(live);
  if (!refusal.empty() || events_max == 0) return refusal;
  // Room for the event of the redrive and one that follows it.
  const int64_t too_many = events_max - 1;
  const int64_t events = live.root().next_event - 1;
  if (events < too_many) return {};
  return concat("Execution has ", events,
                " events in its history and cannot be redriven; only one of fewer than ", too_many,
                " can");
}

std::vector<Activity> Execution::activities() const {
  std::vector<Activity> all;
  for (const Frame* frame : state_->live.frames())
    if (frame->state != nullptr && !effect_ids(frame->waiting).empty())
      all.push_back(activity(*frame));
  return all;
}

bool Execution::is_running(std::string_view map_run_arn) const {
  return state_->live.running(map_run_arn) != nullptr;
}

const Identity& Execution::identity() const { return state_->live.identity; }

}  // namespace pawl::execution
