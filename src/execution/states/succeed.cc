#include "execution/states/states.h"

namespace pawl::execution {

void run(Turn& turn, Frame& frame, const asl::Succeed&) {
  pass_through(turn, frame, {{}, frame.state->assign, frame.state->output});
}

}  // namespace pawl::execution
