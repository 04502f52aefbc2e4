#include <algorithm>

#include "asl/errors.h"
#include "base/text.h"
#include "execution/states/states.h"

namespace pawl::execution {

namespace {

constexpr std::string_view runtime_error = "States.Runtime";

bool takes(const std::vector<std::string>& errors, const Failed& failed) {
  // Only by the very name: a missed heartbeat is no States.TaskFailed.
  return asl::takes(errors, failed.failure.error) ||
         (!failed.also_known_as.empty() &&
          std::find(errors.begin(), errors.end(), failed.also_known_as) != errors.end());
}

// Only the first retrier that takes the error counts, whether it has tries left or not.
bool set_retry(Turn& turn, Frame& frame, const Failed& failed) {
  const auto& retriers = frame.state->retriers;
  for (size_t i = 0; i < retriers.size(); ++i) {
    if (!takes(retriers[i].errors, failed)) continue;
    const int64_t attempt = frame.attempts[i];
    turn.show("retryIndex", i);
    if (attempt >= retriers[i].max_attempts) return false;
    constexpr double seconds_max = 31'622'400;  // a year, the longest interval the language allows
    const double delay = std::clamp(asl::retry_delay_seconds(retriers[i], attempt, turn.entropy()),
                                    0.0, seconds_max);
    turn.show("retryBackoffIntervalSeconds", static_cast<int64_t>(delay));
    turn.happen({.type = EventType::retry_set,
                 .frame = frame.id,
                 .number = static_cast<int64_t>(delay * 1e6),
                 .second = static_cast<int64_t>(i)});
    turn.note(Step::Kind::retrier, frame, i);
    return true;
  }
  return false;
}

const asl::Catcher* catcher_of(const Frame& frame, const Failed& failed) {
  for (const auto& catcher : frame.state->catchers)
    if (takes(catcher.errors, failed)) return &catcher;
  return nullptr;
}

void fail_frame(Turn& turn, Frame& frame, const asl::Failure& failure) {
  if (frame.parent != nullptr) return child_failed(turn, *frame.parent, frame, failure);
  turn.close({.type = EventType::failed, .error = failure.error, .cause = failure.cause});
}

// The error output. A task may fail without saying why; the errors of the service always do.
json::Value report(const asl::Failure& failure) {
  const bool is_of_service = failure.error.starts_with("States.");
  json::Value error, cause;
  if (!failure.error.empty()) error = failure.error;
  if (!failure.cause.empty() || is_of_service) cause = failure.cause;
  return json::Value::object({{"Error", error}, {"Cause", cause}});
}

bool is_query(const asl::Failure& failure) { return failure.error == asl::query_evaluation_error; }

// What JSONata could not evaluate is an event of its own.
void note_evaluation(Turn& turn, Frame& frame, const asl::Failure& failure) {
  if (!is_query(failure)) return;
  turn.happen({.type = EventType::evaluation_failed,
               .frame = frame.id,
               .value = failure.location,
               .error = failure.error,
               .cause = described(frame, failure).cause});
}

struct Caught {
  json::Value output, assigned;
};

asl::Outcome<Caught> handled(Turn& turn, const Frame& frame, const asl::Catcher& catcher,
                             const json::Value& error_output) {
  Sight sight(turn, frame);
  Caught caught;
  if (catcher.assign)
    caught.assigned =
        TRY(within_limits(turn, TRY(catcher.assign->evaluate(sight.of_error(error_output)))));
  json::Value output = error_output;
  if (catcher.output) {
    output = TRY(catcher.output->evaluate(sight.of_error(error_output)));
  } else if (!frame.state->is_jsonata()) {
    output = TRY(asl::place(catcher.result_path, frame.input, error_output));
  }
  caught.output = TRY(within_limits(turn, std::move(output)));
  return caught;
}

}  // namespace

asl::Failure described(const Frame& frame, const asl::Failure& failure) {
  // A state that is tried on its own has no history to point into.
  if (frame.entered_event == 0) return {failure.error, failure.cause};
  return {failure.error,
          concat("An error occurred while executing the state '", frame.state->name,
                 "' (entered at the event id #", frame.entered_event, "). ", failure.cause)};
}

void fail_evaluation(Turn& turn, Frame& frame, const asl::Failure& failure) {
  // A state that holds states fails as a whole, though none of them has begun.
  const bool holds_states = std::holds_alternative<asl::Map>(frame.state->kind) ||
                            std::holds_alternative<asl::Parallel>(frame.state->kind);
  const bool is_before_end =
      frame.waits<OnChildren>() != nullptr || frame.last_event == frame.entered_event;
  note_evaluation(turn, frame, failure);
  fail(turn, frame,
       {.failure = described(frame, failure),
        .is_by_child = holds_states && is_before_end && is_query(failure)});
}

void fail(Turn& turn, Frame& frame, const Failed& failed) {
  turn.begin_transition();
  turn.show("error", failed.failure.error);
  turn.show("cause", failed.failure.cause);
  // A mistake in the definition or the data stays one: it is neither retried nor caught.
  const bool may_go_on = failed.failure.error != runtime_error;
  if (may_go_on && set_retry(turn, frame, failed)) return;
  if (failed.is_by_child) turn.happen({.type = EventType::children_failed, .frame = frame.id});
  const asl::Catcher* catcher = may_go_on ? catcher_of(frame, failed) : nullptr;
  if (catcher == nullptr) return fail_frame(turn, frame, failed.failure);

  const auto caught = handled(turn, frame, *catcher, report(failed.failure));
  if (!caught) {
    note_evaluation(turn, frame, caught.error());
    return fail_frame(turn, frame, described(frame, caught.error()));
  }
  turn.note(Step::Kind::catcher, frame,
            static_cast<size_t>(catcher - frame.state->catchers.data()));
  turn.show("catchIndex", catcher - frame.state->catchers.data());
  assign(turn, frame, caught->assigned);
  turn.leave(frame, caught->output, catcher->next);
}

}  // namespace pawl::execution
