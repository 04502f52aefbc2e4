#include "engine/loop.h"
#include "engine/past.h"
#include "engine/service_errors.h"

namespace pawl::engine {

void Engine::Loop::take(StopExecution command) {
  Result<Instant> stopped = stop_execution(command);
  turn.answer(std::move(command.reply), std::move(stopped));
}

// Stopping what has closed already changes nothing and says when that was.
Result<Instant> Engine::Loop::stop_execution(const StopExecution& command) {
  if (OpenExecution* found = TRY(awake(command.arn))) {
    decide(*found, execution::Stop{command.error, command.cause});
    return found->row.stopped.value_or(clock.now());
  }
  const std::optional<store::Execution> closed = TRY(stored_row(store, command.arn));
  if (!closed && execution::parse_child_arn(command.arn))
    return invalid_request(
        "A child of a Map Run cannot be stopped on its own yet; stop the execution that has it");
  if (!closed) return execution_does_not_exist(command.arn);
  if (closed->stopped) return *closed->stopped;
  return naming(command.arn,
                Error(ErrorCode::corrupt, "it runs, and the index of what runs has not led to it",
                      "Stop the server and make the indexes anew with `pawl store reindex`."));
}

}  // namespace pawl::engine
