#include <algorithm>

#include "base/text.h"
#include "execution/states/states.h"

namespace pawl::execution {

namespace {

// Of a Map, at work at once; the service has as many of a distributed one, and 40 of another.
constexpr int64_t children_max = 10'000;

asl::Outcome<int64_t> concurrency(const asl::Map& map, const asl::Scope& scope) {
  if (!map.max_concurrency) return 0;
  return asl::number(*map.max_concurrency, scope);
}

// Starts as many iterations as may run at once. False where the state has failed over it.
bool start_iterations(Turn& turn, Frame& frame) {
  const auto& map = std::get<asl::Map>(frame.state->kind);
  for (;;) {
    const auto& waiting = *frame.waits<OnChildren>();
    const auto running = static_cast<int64_t>(waiting.running.size());
    if (waiting.next_index >= waiting.count) return true;
    const int64_t most = waiting.concurrency_max;
    if (running >= (most == 0 ? children_max : std::min(most, children_max))) return true;
    // The end of any of them starts the next ones.
    if (running > 0 && turn.is_spent()) return true;
    const int64_t index = waiting.next_index;
    const auto input = item(turn, frame, index);
    if (!input) {
      turn.abort_children(frame, frame);
      fail_items(turn, frame, input.error());
      return false;
    }
    turn.happen({.type = EventType::iteration_started,
                 .frame = frame.id,
                 .number = index,
                 .value = *input});
    turn.count_iteration();
    Frame& iteration = *turn.live().find(frame.waits<OnChildren>()->running.at(index));
    turn.go(iteration, map.processor.at(map.processor.start_at));
  }
}

// All children that were to run have ended well.
void join(Turn& turn, Frame& frame) {
  const auto& waiting = *frame.waits<OnChildren>();
  if (waiting.run) return end_run(turn, frame);
  const json::Value results = waiting.results;
  turn.happen({.type = EventType::children_succeeded, .frame = frame.id});
  complete(turn, frame, results);
}

void iteration_failed(Turn& turn, Frame& frame, Frame& iteration, const asl::Failure& failure) {
  const auto& waiting = *frame.waits<OnChildren>();
  const int64_t items = waiting.run ? waiting.run->children.at(iteration.index).items : 1;
  const bool is_tolerated =
      waiting.failures_max.has_value() && waiting.failures + items <= *waiting.failures_max;
  const bool has_threshold =
      waiting.failures_max.has_value() || std::get<asl::Map>(frame.state->kind).is_distributed;
  turn.happen({.type = EventType::iteration_failed,
               .frame = iteration.id,
               .number = is_tolerated ? 1 : 0,
               .error = failure.error,
               .cause = failure.cause});
  if (is_tolerated) return continue_map(turn, frame);
  turn.abort_children(frame, iteration);
  if (!has_threshold) return fail(turn, frame, {.failure = failure, .is_by_child = true});
  fail_over_threshold(turn, frame);
}

// How many iterations may fail, where the definition says anything about it. A distributed Map has
// that in its plan.
asl::Outcome<bool> set_tolerance(Turn& turn, Frame& frame, const asl::Map& map) {
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  const Tolerance tolerance = TRY(tolerance_of(turn, map, sight.of(input)));
  MapRun run;
  run.items = frame.waits<OnChildren>()->count;
  run.plan(tolerance.named());
  if (const auto tolerated = run.tolerated())
    turn.happen({.type = EventType::map_tolerates, .frame = frame.id, .number = *tolerated});
  return true;
}

asl::Outcome<json::Value> items(Turn& turn, const Frame& frame, const asl::Map& map,
                                const json::Value& input) {
  // They are asked for once the run has begun; who tries the state brings them along.
  if (map.reader) return turn.read_items().value_or(json::Value::array());
  Sight sight(turn, frame);
  json::Value found = TRY(asl::items(*frame.state, map, sight.of(input)));
  if (!frame.state->is_jsonata()) turn.show("afterItemsPath", found);
  return found;
}

// Whoever tries the state says what the iterations answer; they are shown what these would get.
asl::Outcome<bool> show_inputs(Turn& turn, const Frame& frame, const asl::Map& map) {
  if (!map.item_selector || map.batcher) return true;
  json::Value::Array inputs;
  const int64_t count = frame.waits<OnChildren>()->count;
  for (int64_t index = 0; index < count; ++index) inputs.push_back(TRY(item(turn, frame, index)));
  turn.show("afterItemSelector", json::Value(std::move(inputs)));
  return true;
}

}  // namespace

void fail_items(Turn& turn, Frame& frame, const asl::Failure& failure) {
  if (failure.error == asl::query_evaluation_error) return fail_evaluation(turn, frame, failure);
  fail(turn, frame, {.failure = described(frame, failure), .is_by_child = true});
}

asl::Outcome<json::Value> item(Turn& turn, const Frame& frame, int64_t index) {
  const json::Value& found = *frame.waits<OnChildren>()->item(index);
  if (!std::get<asl::Map>(frame.state->kind).batcher) return selected(turn, frame, {index, found});
  return found;
}

asl::Outcome<json::Value> selected(Turn& turn, const Frame& frame, const Item& of) {
  const auto& [index, value] = of;
  const auto& map = std::get<asl::Map>(frame.state->kind);
  if (!map.item_selector) return value;
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  const auto item = json::Value::object({{"Index", index}, {"Value", value}});
  const json::Value seen =
      sight.context_object().with("Map", json::Value::object({{"Item", item}}));
  return within_limits(turn, TRY(map.item_selector->evaluate(sight.of(input, seen))));
}

void run(Turn& turn, Frame& frame, const asl::Map& map) {
  const auto input = chosen_input(turn, frame);
  if (!input) return fail_evaluation(turn, frame, input.error());
  Sight sight(turn, frame);
  const auto most = concurrency(map, sight.of(*input));
  if (!most) return fail_evaluation(turn, frame, most.error());
  const auto found = items(turn, frame, map, *input);
  if (!found) return fail_evaluation(turn, frame, found.error());
  turn.show("maxConcurrency", *most);
  turn.happen(
      {.type = EventType::map_started, .frame = frame.id, .number = *most, .value = *found});
  const auto begun =
      map.is_distributed ? begin_run(turn, frame, map) : set_tolerance(turn, frame, map);
  if (!begun) return fail_evaluation(turn, frame, begun.error());
  if (*begun) start(turn, frame);
}

void start(Turn& turn, Frame& frame) {
  const auto& map = std::get<asl::Map>(frame.state->kind);
  if (map.batcher) {
    const auto made = batches(turn, frame);
    if (!made) return fail_items(turn, frame, made.error());
    turn.show("afterItemBatcher", *made);
    turn.happen({.type = EventType::map_batched, .frame = frame.id, .value = *made});
  }
  if (turn.is_trial()) {
    const auto shown = show_inputs(turn, frame, map);
    if (!shown) fail_items(turn, frame, shown.error());
    return;
  }
  continue_map(turn, frame);
}

void continue_map(Turn& turn, Frame& frame) {
  if (!start_iterations(turn, frame) || is_to_come(turn, frame)) return;
  if (frame.waits<OnChildren>()->running.empty()) join(turn, frame);
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
