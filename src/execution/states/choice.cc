#include "execution/states/states.h"

namespace pawl::execution {

namespace {

// The rule that holds, or null where there is none.
asl::Outcome<const asl::ChoiceRule*> chosen(Turn& turn, const Frame& frame,
                                            const asl::Choice& choice) {
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  for (const auto& rule : choice.rules)
    if (TRY(asl::holds(rule, sight.of(input)))) return &rule;
  return nullptr;
}

}  // namespace

void run(Turn& turn, Frame& frame, const asl::Choice& choice) {
  const auto found = chosen(turn, frame, choice);
  if (!found) return fail_evaluation(turn, frame, found.error());
  const asl::ChoiceRule* rule = *found;
  if (rule != nullptr || !choice.default_next.empty()) {
    const auto index =
        rule == nullptr ? choice.rules.size() : static_cast<size_t>(rule - choice.rules.data());
    turn.note(Step::Kind::rule, frame, index);
  }
  if (rule != nullptr) return pass_through(turn, frame, {rule->next, rule->assign, rule->output});
  if (choice.default_next.empty())
    return fail(turn, frame,
                {described(frame, {"States.NoChoiceMatched",
                                   "Failed to transition out of the state. The state does not "
                                   "point to a next state."})});
  pass_through(turn, frame, {choice.default_next, frame.state->assign, frame.state->output});
}

}  // namespace pawl::execution
