#include "execution/states/states.h"

namespace pawl::execution {

void run(Turn& turn, Frame& frame, const asl::Pass& pass) {
  if (pass.result) return complete(turn, frame, *pass.result);
  const auto input = effective_input(turn, frame);
  if (!input) return fail_evaluation(turn, frame, input.error());
  complete(turn, frame, *input);
}

}  // namespace pawl::execution
