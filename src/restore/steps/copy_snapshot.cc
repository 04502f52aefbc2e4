#include "base/text.h"
#include "restore/steps/steps.h"

namespace pawl::restore::steps {

Result<Done> copy_snapshot(Step& step) {
  const Request& request = step.request;
  const Snapshot snapshot = TRY(snapshot_of(step));
  TRY(begin_operation(step, snapshot));
  if (request.is_same_region()) {
    return Done{"the snapshot is in the target region", {{"copy_status", "skipped"}}};
  }
  const auto copy = TRY(step.services.catalogue.copy_of(snapshot, request.target_region));
  if (!copy) {
    TRY(step.services.provider.begin_copy(request.operation_id, snapshot, request.target_region));
  }
  return Done{copy ? "the target region has the snapshot" : "the copy has begun",
              {{"copy_status", copy ? "completed" : "copying"},
               {"copy_started", format_instant(step.services.clock.now())}}};
}

}  // namespace pawl::restore::steps
