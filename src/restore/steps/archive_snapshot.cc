#include "base/text.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/snapshots/remove_snapshot.h"
#include "restore/snapshots/snapshot_lock.h"
#include "restore/steps/steps.h"
#include "world/moment.h"

namespace pawl::restore::steps {
namespace {

Done skipped(std::string_view why) {
  return Done{std::string(why), {{"archive_status", "skipped"}}};
}

Done archived_as(const Archived& archived) {
  return Done{concat("archived as ", archived.file),
              {{"archive_status", "archived"},
               {"archive_file", archived.file},
               {"archive_bytes", archived.bytes}}};
}

}  // namespace

Result<Done> archive_snapshot(Step& step) {
  const Request& request = step.request;
  if (!is_copy_at_target(step)) return skipped("the snapshot is the source's own, not a copy");
  const bool is_unwanted =
      request.event.boolean_at("archive") == false || request.state.boolean_at("archive") == false;
  if (is_unwanted) return skipped("the operation was begun without archiving");
  auto lock = try_change_snapshot(step.target(), request.cluster, request.snapshot_date);
  if (!lock && lock.error().code() == ErrorCode::unavailable) {
    return skipped("another operation uses the copy");
  }
  if (!lock) return std::move(lock).error();
  const auto copy =
      step.services.catalogue.find(request.target_region, request.cluster, request.snapshot_date);
  if (!copy && copy.error().code() != ErrorCode::not_found) return copy.error();
  if (!copy) {
    const auto earlier = TRY(find_archived(step.services.settings, request.target_region,
                                           {request.cluster, request.snapshot_date}));
    return earlier ? archived_as(*earlier) : skipped("there is no copy");
  }
  world::moment("archive:begun");
  const Archived archived =
      TRY(archive(step.services.settings, step.services.processes, *copy, step.call.cancellation));
  world::moment("archive:half");
  // The archive is whole and has been read back: the copy is no longer needed.
  TRY(remove_snapshot(copy->directory, *lock));
  world::moment("archive:done");
  return archived_as(archived);
}

}  // namespace pawl::restore::steps
