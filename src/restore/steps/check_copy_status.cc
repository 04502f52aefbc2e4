#include "base/text.h"
#include "restore/seconds.h"
#include "restore/steps/steps.h"

namespace pawl::restore::steps {

Result<Done> check_copy_status(Step& step) {
  const Request& request = step.request;
  if (request.is_same_region()) {
    return Done{"the snapshot is in the target region", {{"copy_status", "skipped"}}};
  }
  const Snapshot snapshot = TRY(snapshot_of(step));
  TRY(begin_operation(step, snapshot));
  const auto status = TRY(step.services.provider.wait_copy(
      request.operation_id, snapshot, request.target_region, step.patience(), step.call.progress,
      step.call.cancellation));
  if (status.error) return *status.error;
  if (status.status != "completed") {
    Done done{"the copy goes on",
              {{"copy_status", "copying"}, {"bytes_copied", status.bytes_done}}};
    done.is_finished = false;
    return done;
  }
  Done done{concat("the target region has ", snapshot.name),
            {{"copy_status", "completed"}, {"bytes_copied", snapshot.bytes}}};
  const auto begun = parse_instant(request.text("copy_started").value_or(""));
  if (begun && !request.state.number_at("copy_seconds")) {
    const Duration took = step.services.clock.now() - *begun;
    done.members.push_back({"copy_seconds", in_seconds(took)});
  }
  return done;
}

}  // namespace pawl::restore::steps
