#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "restore/instances/instance.h"
#include "restore/layout.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/snapshots/remove_snapshot.h"
#include "restore/snapshots/snapshot_lock.h"
#include "restore/steps/steps.h"
#include "world/files.h"
#include "world/moment.h"

namespace pawl::restore::steps {
namespace {

// Only the copy, never the source's own.
Result<bool> remove_copy(const Step& step) {
  const Request& request = step.request;
  if (!is_copy_at_target(step)) return false;
  const std::string folder = Layout(step.target()).snapshot(request.cluster, request.snapshot_date);
  if (!world::exists(folder)) return false;
  const auto lock = TRY(try_change_snapshot(step.target(), request.cluster, request.snapshot_date));
  TRY(remove_snapshot(folder, lock));
  return true;
}

// The instance may go on writing its log: it is emptied, not removed.
Result<bool> empty_log(const Step& step) {
  const std::string path = Layout(step.target()).instance(step.request.operation_id) + "/log";
  if (truncate(path.c_str(), 0) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return errno_error(concat("cannot empty ", path), errno);
}

Result<bool> remove_instance(const Step& step) {
  const Request& request = step.request;
  const auto instance = read_instance(step.target(), request.operation_id);
  if (!instance || serves(step.target(), *instance)) return false;
  TRY(step.services.provider.discard(request.operation_id, request.target_region));
  TRY(step.services.target_lock.release(request.target_region, request.target_cluster,
                                        request.operation_id));
  return true;
}

}  // namespace

Result<Done> cleanup(Step& step) {
  const Request& request = step.request;
  const bool snapshot = request.is_set("cleanup_snapshot") && TRY(remove_copy(step));
  const bool logs = request.is_set("cleanup_logs") && TRY(empty_log(step));
  const bool instance = request.is_set("cleanup_instance") && TRY(remove_instance(step));
  const std::string state = Layout(step.target()).operation(request.operation_id) + "/state.json";
  const bool removes_state = request.is_set("cleanup_state_data");
  if (removes_state) TRY(world::remove_file(state));
  world::moment("cleanup:done");
  Done done{"cleaned up as asked",
            {{"cleanup_results", json::Value::object({{"snapshot_deleted", snapshot},
                                                      {"logs_deleted", logs},
                                                      {"instance_deleted", instance},
                                                      {"state_data_deleted", removes_state}})}}};
  done.keeps_state = !removes_state;
  const bool is_archived = request.state["archive_status"] == "archived";
  if (request.is_set("cleanup_snapshot") && !snapshot && is_archived) {
    done.warn("cleanup_snapshot", nothing_to_clean_up);
  }
  return done;
}

}  // namespace pawl::restore::steps
