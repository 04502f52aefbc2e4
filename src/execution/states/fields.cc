#include "base/text.h"
#include "execution/quotas.h"
#include "execution/states/states.h"
#include "json/parse.h"

namespace pawl::execution {

void run_state(Turn& turn, Frame& frame) {
  turn.begin_transition();
  std::visit([&](const auto& kind) { run(turn, frame, kind); }, frame.state->kind);
}

void resume_state(Turn& turn, Frame& frame) {
  if (frame.waits<OnChildren>() == nullptr) return run_state(turn, frame);
  if (frame.waits<OnChildren>()->run) return resume_run(turn, frame);
  // The branches of a Parallel go on by themselves.
  if (std::holds_alternative<asl::Map>(frame.state->kind)) continue_map(turn, frame);
}

asl::Outcome<json::Value> within_limits(const Turn& turn, json::Value value) {
  if (value.depth() > json::depth_max)
    return asl::Failure{"States.DataLimitExceeded",
                        concat("The data is nested deeper than the limit of ", json::depth_max)};
  if (bytes_as_text(value, turn.data_bytes_max()) > turn.data_bytes_max())
    return asl::Failure{"States.DataLimitExceeded", concat("The data is larger than the limit of ",
                                                           turn.data_bytes_max(), " bytes")};
  return value;
}

namespace {

// What a filter that only JSONPath has let through.
json::Value filtered(const Turn& turn, const Frame& frame, std::string_view name,
                     json::Value value) {
  if (!frame.state->is_jsonata()) turn.show(name, value);
  return value;
}

}  // namespace

asl::Outcome<json::Value> chosen_input(Turn& turn, const Frame& frame) {
  const auto& path = frame.state->input_path;
  if (!path) return filtered(turn, frame, "afterInputPath", frame.input);
  Sight sight(turn, frame);
  return filtered(turn, frame, "afterInputPath", TRY(asl::read(path, sight.of(frame.input))));
}

asl::Outcome<json::Value> effective_input(Turn& turn, const Frame& frame) {
  json::Value chosen = TRY(chosen_input(turn, frame));
  if (const auto& parameters = frame.state->parameters) {
    Sight sight(turn, frame);
    chosen = TRY(within_limits(turn, TRY(parameters->evaluate(sight.of(chosen)))));
  }
  turn.show(frame.state->is_jsonata() ? "afterArguments" : "afterParameters", chosen);
  return chosen;
}

namespace {

// What a state leaves with.
struct Left {
  json::Value output;
  json::Value assigned;  // null where it assigns nothing
};

// Where the state has Assign, what it gives values to.
asl::Outcome<json::Value> assigned(const Turn& turn, const std::optional<asl::Template>& assign,
                                   const asl::Scope& scope) {
  if (!assign) return json::Value();
  return within_limits(turn, TRY(assign->evaluate(scope)));
}

asl::Outcome<json::Value> jsonpath_output(Turn& turn, const Frame& frame,
                                          const json::Value& result) {
  const asl::State& state = *frame.state;
  json::Value selected = result;
  if (state.result_selector) {
    Sight sight(turn, frame);
    selected = TRY(state.result_selector->evaluate(sight.of(result)));
  }
  turn.show("afterResultSelector", selected);
  json::Value placed = TRY(asl::place(state.result_path, frame.input, selected));
  turn.show("afterResultPath", placed);
  if (!state.output_path) return placed;
  Sight sight(turn, frame);
  return asl::read(state.output_path, sight.of(placed));
}

asl::Outcome<json::Value> jsonata_output(Turn& turn, const Frame& frame,
                                         const json::Value& result) {
  if (!frame.state->output) return result;
  Sight sight(turn, frame);
  return frame.state->output->evaluate(sight.of_result(result));
}

// Both see the variables as they were before.
asl::Outcome<Left> completed(Turn& turn, const Frame& frame, const json::Value& result) {
  const asl::State& state = *frame.state;
  Left left;
  if (state.assign) {
    Sight sight(turn, frame);
    const auto scope = state.is_jsonata() ? sight.of_result(result) : sight.of(result);
    left.assigned = TRY(assigned(turn, state.assign, scope));
  }
  left.output =
      TRY(within_limits(turn, TRY(state.is_jsonata() ? jsonata_output(turn, frame, result)
                                                     : jsonpath_output(turn, frame, result))));
  return left;
}

asl::Outcome<Left> passed(Turn& turn, const Frame& frame, const Exit& exit) {
  const json::Value chosen = TRY(chosen_input(turn, frame));
  Left left{chosen, {}};
  if (!exit.assign && !exit.output && !frame.state->output_path) return left;
  Sight sight(turn, frame);
  left.assigned = TRY(assigned(turn, exit.assign, sight.of(chosen)));
  if (exit.output)
    left.output = TRY(within_limits(turn, TRY(exit.output->evaluate(sight.of(chosen)))));
  if (frame.state->output_path)
    left.output = TRY(asl::read(frame.state->output_path, sight.of(chosen)));
  return left;
}

void leave(Turn& turn, Frame& frame, const Left& left, std::string_view next) {
  assign(turn, frame, left.assigned);
  turn.leave(frame, left.output, next);
}

}  // namespace

void assign(Turn& turn, Frame& frame, const json::Value& variables) {
  if (variables.is_object() && variables.size() > 0)
    turn.happen({.type = EventType::assigned, .frame = frame.id, .value = variables});
}

void complete(Turn& turn, Frame& frame, const json::Value& result) {
  turn.begin_transition();
  const auto left = completed(turn, frame, result);
  if (!left) return fail_evaluation(turn, frame, left.error());
  leave(turn, frame, *left, frame.state->next);
}

void pass_through(Turn& turn, Frame& frame, const Exit& exit) {
  const auto left = passed(turn, frame, exit);
  if (!left) return fail_evaluation(turn, frame, left.error());
  leave(turn, frame, *left, exit.next);
}

}  // namespace pawl::execution
