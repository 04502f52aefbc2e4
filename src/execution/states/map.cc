#include <algorithm>

#include "asl/intrinsic/call.h"
#include "base/text.h"
#include "execution/states/states.h"

namespace pawl::execution {

namespace {

asl::Outcome<int64_t> concurrency(const asl::Map& map, const asl::Scope& scope) {
  if (!map.max_concurrency) return 0;
  return asl::number(*map.max_concurrency, scope);
}

// How many iterations may fail, where the definition says anything about it.
asl::Outcome<std::optional<int64_t>> tolerance(const Turn& turn, const asl::Map& map,
                                               const asl::Scope& scope, size_t length) {
  std::optional<int64_t> most;
  if (map.tolerated_failure_count) {
    most = TRY(asl::number(*map.tolerated_failure_count, scope));
    turn.show("toleratedFailureCount", *most);
  }
  if (map.tolerated_failure_percentage) {
    const double share = TRY(asl::real(*map.tolerated_failure_percentage, scope));
    turn.show("toleratedFailurePercentage", share);
    const auto count = static_cast<int64_t>(share * static_cast<double>(length) / 100);
    most = most ? std::min(*most, count) : count;
  }
  return most;
}

// The input of the next iteration. Batches have been put together of selected items before.
asl::Outcome<json::Value> item(Turn& turn, const Frame& frame, const asl::Map& map) {
  const auto& waiting = *frame.waits<OnChildren>();
  if (map.batcher) return waiting.items.elements()[static_cast<size_t>(waiting.next_index)];
  return selected(turn, frame, waiting.next_index);
}

// What the iterations were to get can not be made.
void fail_items(Turn& turn, Frame& frame, const asl::Failure& failure) {
  if (failure.error == asl::query_evaluation_error) return fail_evaluation(turn, frame, failure);
  fail(turn, frame, {.failure = described(frame, failure), .is_by_child = true});
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
      fail_items(turn, frame, input.error());
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
  const auto* map = std::get_if<asl::Map>(&frame.state->kind);
  if (map != nullptr && map->is_distributed)
    turn.happen({.type = EventType::map_run_succeeded, .frame = frame.id});
  turn.happen({.type = EventType::children_succeeded, .frame = frame.id});
  complete(turn, frame, results);
}

void continue_map(Turn& turn, Frame& frame) {
  if (start_iterations(turn, frame) && frame.waits<OnChildren>()->running.empty())
    join(turn, frame);
}

// A Map's iterations have failed once too often.
void fail_map(Turn& turn, Frame& frame, const asl::Failure& failure) {
  if (std::get<asl::Map>(frame.state->kind).is_distributed)
    turn.happen({.type = EventType::map_run_failed,
                 .frame = frame.id,
                 .error = failure.error,
                 .cause = failure.cause});
  fail(turn, frame, {.failure = failure, .is_by_child = true});
}

void iteration_failed(Turn& turn, Frame& frame, Frame& iteration, const asl::Failure& failure) {
  const auto& waiting = *frame.waits<OnChildren>();
  const bool is_tolerated =
      waiting.failures_max.has_value() && waiting.failures < *waiting.failures_max;
  const bool has_threshold =
      waiting.failures_max.has_value() || std::get<asl::Map>(frame.state->kind).is_distributed;
  turn.happen({.type = EventType::iteration_failed,
               .frame = iteration.id,
               .number = is_tolerated ? 1 : 0,
               .error = failure.error,
               .cause = failure.cause});
  if (is_tolerated) return continue_map(turn, frame);
  turn.abort_children(frame, iteration);
  if (!has_threshold) return fail_map(turn, frame, failure);
  fail_map(turn, frame,
           {"States.ExceedToleratedFailureThreshold",
            "The specified tolerated failure threshold was exceeded"});
}

std::string uuid(Turn& turn) {
  asl::intrinsic::Entropy entropy(turn.entropy());
  return std::string(asl::intrinsic::uuid({}, entropy)->string());
}

// "arn:aws:states:<region>:<account>:mapRun:<machine>/<label>:<id>"; where the state has no Label,
// one is made.
std::string map_run_arn(Turn& turn, const asl::Map& map) {
  const auto parts = split(turn.live().identity.execution_arn, ':');
  const auto part = [&parts](size_t at) {
    return at < parts.size() ? parts[at] : std::string_view();
  };
  const std::string label = map.label ? *map.label : uuid(turn);
  return concat("arn:", part(1), ":states:", part(3), ":", part(4), ":mapRun:", part(6), "/", label,
                ":", uuid(turn));
}

// Sets the tolerance and the run of a distributed Map, once the items are known.
asl::Outcome<bool> prepare(Turn& turn, Frame& frame, const asl::Map& map) {
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  const size_t length = frame.waits<OnChildren>()->results.size();
  const auto tolerated = TRY(tolerance(turn, map, sight.of(input), length));
  if (tolerated)
    turn.happen({.type = EventType::map_tolerates, .frame = frame.id, .number = *tolerated});
  if (!map.is_distributed) return true;
  turn.happen(
      {.type = EventType::map_run_started, .frame = frame.id, .value = map_run_arn(turn, map)});
  return true;
}

asl::Outcome<json::Value> items(Turn& turn, const Frame& frame, const asl::Map& map,
                                const json::Value& input) {
  if (turn.is_trial() && map.reader) return turn.read_items().value_or(json::Value::array());
  for (const char* field : {map.reader ? "ItemReader" : "", map.writer ? "ResultWriter" : ""})
    if (*field != 0 && !turn.is_trial())
      return asl::Failure{"States.Runtime",
                          concat("The field '", field, "' is not supported yet.")};
  Sight sight(turn, frame);
  json::Value found = TRY(asl::items(*frame.state, map, sight.of(input)));
  if (!frame.state->is_jsonata()) turn.show("afterItemsPath", found);
  return found;
}

// Whoever tries the state says what the iterations answer; they are shown what these would get.
asl::Outcome<bool> show_inputs(Turn& turn, const Frame& frame, const asl::Map& map) {
  if (!map.item_selector || map.batcher) return true;
  json::Value::Array inputs;
  const auto count = static_cast<int64_t>(frame.waits<OnChildren>()->results.size());
  for (int64_t index = 0; index < count; ++index)
    inputs.push_back(TRY(selected(turn, frame, index)));
  turn.show("afterItemSelector", json::Value(std::move(inputs)));
  return true;
}

}  // namespace

asl::Outcome<json::Value> selected(Turn& turn, const Frame& frame, int64_t index) {
  const auto& map = std::get<asl::Map>(frame.state->kind);
  const json::Value& value =
      frame.waits<OnChildren>()->items.elements()[static_cast<size_t>(index)];
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
  const auto prepared = prepare(turn, frame, map);
  if (!prepared) return fail_evaluation(turn, frame, prepared.error());
  if (map.batcher) {
    const auto made = batches(turn, frame, *map.batcher);
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
