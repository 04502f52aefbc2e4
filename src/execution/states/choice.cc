#include "execution/states/states.h"

namespace pawl::execution {

namespace {

// The name of the next state; empty where no rule holds and there is no default.
asl::Outcome<std::string> chosen(Turn& turn, const Frame& frame, const asl::Choice& choice) {
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  for (const auto& rule : choice.rules)
    if (TRY(rule.condition.holds(sight.of(input)))) return rule.next;
  return choice.default_next;
}

}  // namespace

void run(Turn& turn, Frame& frame, const asl::Choice& choice) {
  const auto next = chosen(turn, frame, choice);
  if (!next) return fail(turn, frame, {described(frame, next.error())});
  if (next->empty())
    return fail(turn, frame,
                {described(frame, {"States.NoChoiceMatched",
                                   "Failed to transition out of the state. The state does not "
                                   "point to a next state."})});
  pass_through(turn, frame, *next);
}

}  // namespace pawl::execution
