#include "base/text.h"
#include "restore/steps/steps.h"
#include "world/moment.h"

namespace pawl::restore::steps {

Result<Done> snapshot_check(Step& step) {
  const Snapshot snapshot = TRY(snapshot_of(step));
  world::moment("check:found");
  TRY(begin_operation(step, snapshot));
  world::moment("check:begun");
  Done done;
  done.message = concat("found ", snapshot.name, ", ", format_bytes(snapshot.bytes));
  done.members = {{"snapshot_name", snapshot.name},
                  {"snapshot_date", snapshot.date},
                  {"snapshot_bytes", snapshot.bytes},
                  {"snapshot_exists", true},
                  {"same_region", step.request.is_same_region()}};
  if (const auto note = snapshot.note()) done.warn("snapshot_date", "the snapshot was " + *note);
  return done;
}

}  // namespace pawl::restore::steps
