#include "restore/snapshots/snapshot_lock.h"

#include "base/text.h"
#include "restore/layout.h"
#include "restore/operations/file_locks.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

Result<std::string> lock_path(const Region& region, const std::string& cluster,
                              const std::string& date) {
  const std::string folder = Layout(region).snapshot(cluster, date);
  TRY(world::make_directories(world::parent_directory(folder), 0755));
  return folder + ".lock";
}

}  // namespace

Result<world::FileDescriptor> use_snapshot(const Region& region, const std::string& cluster,
                                           const std::string& date) {
  return wait_for_lock(TRY(lock_path(region, cluster, date)), LockKind::shared);
}

Result<world::FileDescriptor> change_snapshot(const Region& region, const std::string& cluster,
                                              const std::string& date) {
  return wait_for_lock(TRY(lock_path(region, cluster, date)));
}

Result<world::FileDescriptor> try_change_snapshot(const Region& region, const std::string& cluster,
                                                  const std::string& date) {
  auto lock = try_lock(TRY(lock_path(region, cluster, date)));
  if (lock || lock.error().code() != ErrorCode::conflict) return lock;
  return Error(ErrorCode::unavailable, concat("the snapshot of ", cluster, " of ", date, " in ",
                                              region.name, " is in use"));
}

}  // namespace pawl::restore
