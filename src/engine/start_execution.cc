#include "engine/loop.h"
#include "engine/service_errors.h"

namespace pawl::engine {

void Engine::Loop::take(StartExecution command) {
  turn.answer(std::move(command.reply), start_execution(std::move(command.execution)));
}

// Answered by the closing of the execution, which may have been in this very turn.
void Engine::Loop::take(RunExecution command) {
  const auto row = execution_of(command.execution.machine_arn);
  Result<Opened> opened = type_does_not_offer_this();
  if (!row.has_value()) {
    opened = row.error();
  } else if (row->type == "EXPRESS") {
    opened = open_execution({std::move(command.execution), {}});
  }
  if (!opened.has_value())
    return turn.answer<store::Execution>(std::move(command.reply), opened.error());
  if (opened->row.stopped)
    return turn.answer<store::Execution>(std::move(command.reply), std::move(opened->row));
  awaited[opened->row.id] = std::move(command.reply);
}

Result<Started> Engine::Loop::start_execution(NewExecution request) {
  const Opened opened = TRY(open_execution({std::move(request), {}}));
  return Started{opened.row.arn, opened.row.started};
}

}  // namespace pawl::engine
