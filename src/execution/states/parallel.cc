#include "execution/states/states.h"

namespace pawl::execution {

void run(Turn& turn, Frame& frame, const asl::Parallel& parallel) {
  const auto input = effective_input(turn, frame);
  if (!input) return fail_evaluation(turn, frame, input.error());
  turn.happen({.type = EventType::parallel_started, .frame = frame.id, .value = *input});
  for (size_t i = 0; i < parallel.branches.size(); ++i) {
    const FrameId branch = frame.waits<OnChildren>()->running.at(static_cast<int64_t>(i));
    const auto& states = parallel.branches[i];
    turn.go(*turn.live().find(branch), states.at(states.start_at));
  }
}

}  // namespace pawl::execution
