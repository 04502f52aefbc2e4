#include <algorithm>

#include "base/text.h"
#include "execution/quotas.h"
#include "execution/states/states.h"

namespace pawl::execution {

namespace {

constexpr int64_t no_seconds = -1;

struct Limits {
  int64_t timeout = no_seconds, heartbeat = no_seconds;
};

asl::Outcome<int64_t> limit(const std::optional<asl::NumberOrPath>& field,
                            const asl::Scope& scope) {
  if (!field) return no_seconds;
  return std::min(TRY(asl::number(*field, scope)), asl::wait_seconds_max);
}

asl::Outcome<Limits> limits(Turn& turn, const Frame& frame, const asl::Task& task) {
  if (!task.timeout_seconds && !task.heartbeat_seconds) return Limits();
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  const auto scope = sight.of(input);
  const int64_t timeout = TRY(limit(task.timeout_seconds, scope));
  const int64_t heartbeat = TRY(limit(task.heartbeat_seconds, scope));
  return Limits{timeout, heartbeat};
}

// The role that the Credentials name, where there are any. It is shown; nobody takes it on.
asl::Outcome<json::Value> role(Turn& turn, const Frame& frame, const asl::Task& task) {
  if (!task.credentials) return json::Value();
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  return TRY(task.credentials->evaluate(sight.of(input)))["RoleArn"];
}

// What the task did, in the service's failures: the service asked, or the function itself.
std::string_view doer(std::string_view resource) {
  constexpr std::string_view integration = ":states:::";
  const auto found = resource.find(integration);
  if (found == std::string_view::npos) return resource;
  const auto rest = resource.substr(found + integration.size());
  return rest.substr(0, rest.find(':'));
}

// Why the answer of a task can not be taken; nothing where it can.
std::optional<asl::Failure> trouble_with(const Turn& turn, const Frame& frame,
                                         const json::Value& output) {
  const auto within = within_limits(turn, output);
  if (within) return std::nullopt;
  if (bytes_as_text(output, turn.data_bytes_max()) <= turn.data_bytes_max()) return within.error();
  const auto& task = std::get<asl::Task>(frame.state->kind);
  return asl::Failure{"States.DataLimitExceeded",
                      concat("The state/task '", doer(task.resource),
                             "' returned a result with a size exceeding the maximum number of "
                             "bytes service limit.")};
}

}  // namespace

void run(Turn& turn, Frame& frame, const asl::Task& task) {
  const auto given = limits(turn, frame, task);
  if (!given) return fail_evaluation(turn, frame, given.error());
  const auto input = effective_input(turn, frame);
  if (!input) return fail_evaluation(turn, frame, input.error());
  const auto chosen = role(turn, frame, task);
  if (!chosen) return fail_evaluation(turn, frame, chosen.error());
  if (task.is_activity && !turn.has_activity(task.resource))
    return fail(turn, frame,
                {described(frame, {"States.Runtime",
                                   concat("The activity ", task.resource, " does not exist.")})});
  if (chosen->is_string())
    turn.happen({.type = EventType::role_chosen, .frame = frame.id, .value = *chosen});
  turn.happen({.type = EventType::task_scheduled,
               .frame = frame.id,
               .number = given->timeout,
               .second = given->heartbeat,
               .value = *input});
}

void task_answered(Turn& turn, Frame& frame, const json::Value& output) {
  if (const auto failure = trouble_with(turn, frame, output)) {
    turn.happen({.type = EventType::task_failed,
                 .frame = frame.id,
                 .error = failure->error,
                 .cause = failure->cause});
    return fail(turn, frame, {*failure});
  }
  turn.happen({.type = EventType::task_succeeded, .frame = frame.id, .value = output});
  complete(turn, frame, output);
}

// Whoever carries the task on after a crash may say it again.
void task_submitted(Turn& turn, Frame& frame, const json::Value& output) {
  if (frame.waits<OnTask>()->is_handed_over) return;
  turn.happen({.type = EventType::task_submitted, .frame = frame.id, .value = output});
}

void task_taken(Turn& turn, Frame& frame, const std::string& worker_name) {
  const bool is_activity = std::get<asl::Task>(frame.state->kind).is_activity;
  if (!is_activity || frame.waits<OnTask>()->is_started) return;
  turn.happen({.type = EventType::task_taken, .frame = frame.id, .value = worker_name});
}

void task_beats(Turn& turn, Frame& frame) {
  if (frame.waits<OnTask>()->heartbeat)
    turn.happen({.type = EventType::task_heartbeat, .frame = frame.id});
}

void timer_due(Turn& turn, Frame& frame, EffectId timer) {
  if (const auto* task = frame.waits<OnTask>()) {
    const bool is_heartbeat = task->heartbeat && task->heartbeat->id == timer;
    turn.happen({.type = EventType::task_timed_out, .frame = frame.id});
    return fail(turn, frame,
                {.failure = {"States.Timeout", ""},
                 .also_known_as = is_heartbeat ? "States.HeartbeatTimeout" : ""});
  }
  const Purpose purpose = frame.waits<OnTimer>()->purpose;
  turn.happen({.type = EventType::timer_fired, .frame = frame.id});
  switch (purpose) {
    case Purpose::wait:
      return pass_through(turn, frame,
                          {frame.state->next, frame.state->assign, frame.state->output});
    case Purpose::retry:
      return run_state(turn, frame);
    case Purpose::pause:
      return turn.go(frame, *frame.paused_before);
  }
}

}  // namespace pawl::execution
