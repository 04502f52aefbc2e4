#include "base/text.h"
#include "execution/states/states.h"
#include "json/parse.h"

namespace pawl::execution {

void run_state(Turn& turn, Frame& frame) {
  std::visit([&](const auto& kind) { run(turn, frame, kind); }, frame.state->kind);
}

asl::Outcome<json::Value> within_limits(const Turn& turn, json::Value value) {
  if (value.depth() > json::depth_max)
    return asl::Failure{"States.DataLimitExceeded",
                        concat("The data is nested deeper than the limit of ", json::depth_max)};
  if (value.text_size() > turn.data_bytes_max())
    return asl::Failure{"States.DataLimitExceeded", concat("The data is larger than the limit of ",
                                                           turn.data_bytes_max(), " bytes")};
  return value;
}

asl::Outcome<json::Value> chosen_input(Turn& turn, const Frame& frame) {
  const auto& path = frame.state->input_path;
  if (!path) return frame.input;
  Sight sight(turn, frame);
  return asl::read(path, sight.of(frame.input));
}

asl::Outcome<json::Value> effective_input(Turn& turn, const Frame& frame) {
  json::Value chosen = TRY(chosen_input(turn, frame));
  const auto& parameters = frame.state->parameters;
  if (!parameters) return chosen;
  Sight sight(turn, frame);
  return within_limits(turn, TRY(parameters->evaluate(sight.of(chosen))));
}

namespace {

asl::Outcome<json::Value> output(Turn& turn, const Frame& frame, const json::Value& result) {
  const asl::State& state = *frame.state;
  json::Value selected = result;
  if (state.result_selector) {
    Sight sight(turn, frame);
    selected = TRY(state.result_selector->evaluate(sight.of(result)));
  }
  json::Value placed = TRY(asl::place(state.result_path, frame.input, selected));
  if (!state.output_path) return within_limits(turn, std::move(placed));
  Sight sight(turn, frame);
  return within_limits(turn, TRY(asl::read(state.output_path, sight.of(placed))));
}

}  // namespace

void complete(Turn& turn, Frame& frame, const json::Value& result) {
  const auto made = output(turn, frame, result);
  if (!made) return fail(turn, frame, {described(frame, made.error())});
  turn.leave(frame, *made, frame.state->next);
}

void pass_through(Turn& turn, Frame& frame, std::string_view next) {
  auto passed = chosen_input(turn, frame);
  if (!passed) return fail(turn, frame, {described(frame, passed.error())});
  if (frame.state->output_path) {
    const json::Value chosen = *passed;
    Sight sight(turn, frame);
    passed = asl::read(frame.state->output_path, sight.of(chosen));
    if (!passed) return fail(turn, frame, {described(frame, passed.error())});
  }
  turn.leave(frame, *passed, next);
}

}  // namespace pawl::execution
