#include "base/text.h"
#include "restore/steps/steps.h"

namespace pawl::restore::steps {

Result<Done> restore_snapshot(Step& step) {
  const Request& request = step.request;
  const Snapshot snapshot = TRY(snapshot_of(step));
  TRY(begin_operation(step, snapshot));
  // A straight line of steps has no prepare-target; doing it again where there was one costs
  // little.
  Done done = TRY(prepare_target(step));
  TRY(wait_for_copy(step, snapshot));
  TRY(step.services.provider.begin_restore(request.operation_id, snapshot, request.target_region,
                                           request.target_cluster));
  done.message = concat("restoring ", snapshot.name, " beside what serves");
  done.members.push_back({"restore_status", "restoring"});
  done.members.push_back({"restore_started", format_instant(step.services.clock.now())});
  return done;
}

}  // namespace pawl::restore::steps
