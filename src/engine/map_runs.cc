#include "engine/map_runs.h"

#include "engine/loop.h"
#include "engine/service_errors.h"
#include "execution/map_run_list.h"
#include "json/write.h"

namespace pawl::engine {

store::Execution child_row(const FoundMapRun& found, size_t index) {
  const execution::ChildRun& child = found.run.children[index];
  const execution::ChildPlace place{found.run.arn, static_cast<int64_t>(index)};
  store::Execution row;
  row.id = found.execution.id;
  row.arn = execution::child_arn(place);
  row.name = execution::child_name(place);
  row.machine_arn = execution::machine_arn_of(found.run.arn);
  row.role_arn = found.execution.role_arn;
  row.status = execution::name(child.status);
  row.started = child.started;
  row.stopped = child.stopped;
  row.input = json::write(child.input);
  if (child.status == execution::Status::succeeded) row.output = json::write(child.output);
  row.error = child.error;
  row.cause = child.cause;
  row.redrives = child.redrives;
  return row;
}

Result<void> Engine::Loop::carry(const ChangeMapRun& request) {
  const auto number = execution::execution_number_of(request.arn);
  OpenExecution* found = number ? awake(*number) : nullptr;
  if (found != nullptr && found->execution.is_running(request.arn)) {
    decide(*found, execution::ChangeMapRun{request.arn, request.named});
    return {};
  }
  const auto row = number ? TRY(store.execution_of_id(*number)) : std::nullopt;
  if (!row) return resource_not_found(request.arn);
  return invalid_request("The map run has ended, so it cannot be changed");
}

}  // namespace pawl::engine
