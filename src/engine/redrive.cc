#include "base/text.h"
#include "engine/loop.h"
#include "engine/past.h"
#include "engine/service_errors.h"

namespace pawl::engine {

// A closed execution is open again from the turn on in which its redrive is decided.
Result<Instant> Engine::Loop::carry(RedriveExecution request) {
  if (const auto before = recent_redrives.find(request.arn, request.client_token)) return *before;
  if (open_by_arn.contains(request.arn))
    return execution_not_redrivable(
        execution::cannot_be_redriven(execution::name(execution::Status::running)));
  std::optional<store::Execution> row = TRY(stored_row(store, request.arn));
  if (!row) return execution_does_not_exist(request.arn);
  if (open.size() + asleep.size() >= options.open_executions_max)
    return execution_limit_exceeded(options.open_executions_max);
  auto found = replayed(*std::move(row));
  if (!found.has_value()) return naming(request.arn, std::move(found).error());
  auto opened = *std::move(found);
  const std::string refusal = opened->execution.redrive_refusal(options.events_max);
  if (!refusal.empty()) {
    definitions.release(&opened->machine);
    return execution_not_redrivable(refusal);
  }
  const Instant now = clock.now();
  store::Execution& known = opened->row;
  known.status = execution::name(execution::Status::running);
  known.stopped.reset();
  known.output = known.error = known.cause = {};
  known.redrives += 1;
  known.redriven = now;
  recent_redrives.add(request.arn, request.client_token, now);
  turn.writes.push_back(store::ReopenExecution{known.id, now});
  OpenExecution& again = *opened;
  keep_open(std::move(opened));
  decide(again, execution::Redrive{known.redrives});
  return now;
}

}  // namespace pawl::engine
