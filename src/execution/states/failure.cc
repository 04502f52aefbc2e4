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
    if (attempt >= retriers[i].max_attempts) return false;
    constexpr double seconds_max = 31'622'400;  // a year, the longest interval the language allows
    const double delay = std::clamp(asl::retry_delay_seconds(retriers[i], attempt, turn.entropy()),
                                    0.0, seconds_max);
    turn.happen({.type = EventType::retry_set,
                 .frame = frame.id,
                 .number = static_cast<int64_t>(delay * 1e6),
                 .second = static_cast<int64_t>(i)});
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

}  // namespace

asl::Failure described(const Frame& frame, const asl::Failure& failure) {
  return {failure.error,
          concat("An error occurred while executing the state '", frame.state->name,
                 "' (entered at the event id #", frame.entered_event, "). ", failure.cause)};
}

void fail(Turn& turn, Frame& frame, const Failed& failed) {
  // A mistake in the definition or the data stays one: it is neither retried nor caught.
  const bool may_go_on = failed.failure.error != runtime_error;
  if (may_go_on && set_retry(turn, frame, failed)) return;
  if (failed.is_by_child) turn.happen({.type = EventType::children_failed, .frame = frame.id});
  const asl::Catcher* catcher = may_go_on ? catcher_of(frame, failed) : nullptr;
  if (catcher == nullptr) return fail_frame(turn, frame, failed.failure);

  const auto report =
      json::Value::object({{"Error", failed.failure.error}, {"Cause", failed.failure.cause}});
  auto placed = asl::place(catcher->result_path, frame.input, report);
  if (placed) placed = within_limits(turn, *placed);
  if (!placed) return fail_frame(turn, frame, described(frame, placed.error()));
  turn.leave(frame, *placed, catcher->next);
}

}  // namespace pawl::execution
