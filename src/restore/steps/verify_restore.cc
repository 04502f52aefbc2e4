#include <algorithm>

#include "base/text.h"
#include "restore/steps/steps.h"

namespace pawl::restore::steps {
namespace {

std::string first_of(const std::vector<std::string>& differences) {
  constexpr size_t shown_max = 10;
  const auto shown = std::min(shown_max, differences.size());
  std::string text = join({differences.begin(), differences.begin() + shown}, "; ");
  if (shown < differences.size()) text += concat("; and ", differences.size() - shown, " more");
  return text;
}

}  // namespace

Result<Done> verify_restore(Step& step) {
  // What serves has been verified, and its data go on changing.
  if (is_serving(step)) {
    return Done{"verified before it was swapped in", {{"verification_status", "verified"}}};
  }
  const Snapshot snapshot = TRY(snapshot_of(step));
  const Verification found =
      TRY(step.services.provider.verify(step.request.operation_id, step.request.target_region,
                                        snapshot, step.call.progress, step.call.cancellation));
  if (!found.differences.empty()) {
    Done done;
    done.failure = {"Restore.VerificationFailed",
                    concat("the restored database differs from ", snapshot.name, ": ",
                           first_of(found.differences))};
    return done;
  }
  return Done{concat(found.inventory.tables.size(), " tables are as in the snapshot"),
              {{"verification_status", "verified"},
               {"engine_version", found.engine_version},
               {"schema_count", found.inventory.schemas.size()},
               {"table_count", found.inventory.tables.size()},
               {"row_count", found.inventory.rows()},
               {"pages_checked", found.pages_checked}}};
}

}  // namespace pawl::restore::steps
