#include <algorithm>

#include "execution/states/states.h"

namespace pawl::execution {

namespace {

asl::Outcome<Instant> end(Turn& turn, const Frame& frame, const asl::Wait& wait) {
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  return asl::wait_end(wait, sight.of(input), turn.now());
}

}  // namespace

void run(Turn& turn, Frame& frame, const asl::Wait& wait) {
  const auto due = end(turn, frame, wait);
  if (!due) return fail_evaluation(turn, frame, due.error());
  turn.happen({.type = EventType::timer_set,
               .frame = frame.id,
               .number = std::max<int64_t>(0, (*due - turn.now()).count())});
}

}  // namespace pawl::execution
