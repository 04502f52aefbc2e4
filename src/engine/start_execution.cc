#include "engine/loop.h"

namespace pawl::engine {

void Engine::Loop::take(StartExecution command) {
  turn.answer(std::move(command.reply), start_execution(std::move(command.execution)));
}

Result<Started> Engine::Loop::start_execution(NewExecution request) {
  const Opened opened = TRY(open_execution({std::move(request), {}}));
  return Started{opened.row.arn, opened.row.started};
}

}  // namespace pawl::engine
