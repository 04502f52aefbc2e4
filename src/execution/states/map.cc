#include <algorithm>

#include "execution/states/states.h"

namespace pawl::execution {

namespace {

asl::Outcome<int64_t> concurrency(const asl::Map& map, const asl::Scope& scope) {
  if (!map.max_concurrency) return 0;
  return asl::number(*map.max_concurrency, scope);
}

asl::Outcome<double> percentage(const asl::NumberOrPath& field, const asl::Scope& scope) {
  const int64_t whole = TRY(asl::number(field, scope));
  const auto* path = std::get_if<asl::Path>(&field.value);
  if (path == nullptr) return static_cast<double>(whole);
  return TRY(path->read(scope)).real();
}

// How many iterations may fail, where the definition says anything about it.
asl::Outcome<std::optional<int64_t>> tolerance(const asl::Map& map, const asl::Scope& scope,
                                               size_t length) {
  std::optional<int64_t> most;
  if (map.tolerated_failure_count) most = TRY(asl::number(*map.tolerated_failure_count, scope));
  if (map.tolerated_failure_percentage) {
    const double share = TRY(percentage(*map.tolerated_failure_percentage, scope));
    const auto count = static_cast<int64_t>(share * static_cast<double>(length) / 100);
    most = most ? std::min(*most, count) : count;
  }
  return most;
}

// The input of the next iteration: the item, or what ItemSelector makes of it.
asl::Outcome<json::Value> item(Turn& turn, const Frame& frame, const asl::Map& map) {
  const auto& waiting = *frame.waits<OnChildren>();
  const json::Value& value = waiting.items.elements()[static_cast<size_t>(waiting.next_index)];
  if (!map.item_selector) return value;
  const json::Value input = TRY(chosen_input(turn, frame));
  const json::Value seen =
      context(turn.live(), frame)
          .with("Map",
                json::Value::object({{"Item", json::Value::object({{"Index", waiting.next_index},
                                                                   {"Value", value}})}}));
  return within_limits(turn, TRY(map.item_selector->evaluate({input, seen, turn.entropy()})));
}

// Starts as many iterations as may run at once. False where the state has failed over it.
bool start_iterations(Turn& turn, Frame& frame) {
  const auto& map = std::get<asl::Map>(frame.state->kind);
  for (;;) {
    const auto& waiting = *frame.waits<OnChildren>();
    const auto running = static_cast<int64_t>(waiting.running.size());
    if (waiting.next_index >= static_cast<int64_t>(waiting.results.size())) return true;
    if (waiting.concurrency_max > 0 && running >= waiting.concurrency_max) return true;
    const int64_t index = waiting.next_index;
    const auto input = item(turn, frame, map);
    if (!input) {
      turn.abort_children(frame, frame);
      fail(turn, frame, {.failure = described(frame, input.error()), .is_by_child = true});
      return false;
    }
    turn.happen({.type = EventType::iteration_started,
                 .frame = frame.id,
                 .number = index,
                 .value = *input});
    Frame& iteration = *turn.live().find(frame.waits<OnChildren>()->running.at(index));
    turn.go(iteration, map.processor.at(map.processor.start_at));
  }
}

// All children that were to run have ended well.
void join(Turn& turn, Frame& frame) {
  const json::Value results = frame.waits<OnChildren>()->results;
  turn.happen({.type = EventType::children_succeeded, .frame = frame.id});
  complete(turn, frame, results);
}

void continue_map(Turn& turn, Frame& frame) {
  if (start_iterations(turn, frame) && frame.waits<OnChildren>()->running.empty())
    join(turn, frame);
}

void iteration_failed(Turn& turn, Frame& frame, Frame& iteration, const asl::Failure& failure) {
  const auto& waiting = *frame.waits<OnChildren>();
  const bool is_tolerated =
      waiting.failures_max.has_value() && waiting.failures < *waiting.failures_max;
  const bool has_threshold = waiting.failures_max.has_value();
  turn.happen({.type = EventType::iteration_failed,
               .frame = iteration.id,
               .number = is_tolerated ? 1 : 0,
               .error = failure.error,
               .cause = failure.cause});
  if (is_tolerated) return continue_map(turn, frame);
  turn.abort_children(frame, iteration);
  if (!has_threshold) return fail(turn, frame, {.failure = failure, .is_by_child = true});
  fail(turn, frame,
       {.failure = {"States.ExceedToleratedFailureThreshold",
                    "The specified tolerated failure threshold was exceeded"},
        .is_by_child = true});
}

}  // namespace

void run(Turn& turn, Frame& frame, const asl::Map& map) {
  const auto input = chosen_input(turn, frame);
  if (!input) return fail(turn, frame, {described(frame, input.error())});
  Sight sight(turn, frame);
  const auto most = concurrency(map, sight.of(*input));
  if (!most) return fail(turn, frame, {described(frame, most.error())});
  const auto found = asl::items(map, sight.of(*input));
  if (!found) return fail(turn, frame, {described(frame, found.error())});
  turn.happen(
      {.type = EventType::map_started, .frame = frame.id, .number = *most, .value = *found});

  const auto tolerated = tolerance(map, sight.of(*input), found->size());
  if (!tolerated) return fail(turn, frame, {described(frame, tolerated.error())});
  if (*tolerated)
    turn.happen({.type = EventType::map_tolerates, .frame = frame.id, .number = **tolerated});
  continue_map(turn, frame);
}

void child_succeeded(Turn& turn, Frame& parent, Frame& child) {
  if (std::holds_alternative<asl::Map>(parent.state->kind)) {
    turn.happen({.type = EventType::iteration_succeeded, .frame = child.id});
    return continue_map(turn, parent);
  }
  turn.happen({.type = EventType::branch_succeeded, .frame = child.id});
  if (parent.waits<OnChildren>()->running.empty()) join(turn, parent);
}

void child_failed(Turn& turn, Frame& parent, Frame& child, const asl::Failure& failure) {
  if (std::holds_alternative<asl::Map>(parent.state->kind))
    return iteration_failed(turn, parent, child, failure);
  turn.happen({.type = EventType::branch_failed, .frame = child.id});
  turn.abort_children(parent, child);
  fail(turn, parent, {.failure = failure, .is_by_child = true});
}

}  // namespace pawl::execution
