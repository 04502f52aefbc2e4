#include "base/text.h"
#include "restore/seconds.h"
#include "restore/steps/steps.h"

namespace pawl::restore::steps {

Result<Done> check_restore_status(Step& step) {
  const Request& request = step.request;
  const auto status = TRY(step.services.provider.wait_restore(
      request.operation_id, request.target_region, step.patience(), step.call.progress,
      step.call.cancellation));
  if (status.error) return *status.error;
  if (status.status != "available") {
    Done done{"the restore goes on",
              {{"restore_status", "restoring"}, {"bytes_restored", status.bytes_done}}};
    done.is_finished = false;
    return done;
  }
  Done done{"the new server answers", {{"restore_status", "available"}}};
  const auto begun = parse_instant(request.text("restore_started").value_or(""));
  if (begun && !request.state.number_at("restore_seconds")) {
    const Duration took = step.services.clock.now() - *begun;
    done.members.push_back({"restore_seconds", in_seconds(took)});
  }
  return done;
}

}  // namespace pawl::restore::steps
