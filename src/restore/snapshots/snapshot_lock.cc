#include "restore/snapshots/snapshot_lock.h"

#include "base/text.h"
#include "restore/layout.h"
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

Result<world::FileLock> use_snapshot(const Region& region, const std::string& cluster,
                                     const std::string& date) {
  return world::FileLock::wait(TRY(lock_path(region, cluster, date)), world::LockKind::shared);
}

Result<world::FileLock> change_snapshot(const Region& region, const std::string& cluster,
                                        const std::string& date) {
  return world::FileLock::wait(TRY(lock_path(region, cluster, date)));
}

Result<world::FileLock> try_change_snapshot(const Region& region, const std::string& cluster,
                                            const std::string& date) {
  auto lock = world::FileLock::take(TRY(lock_path(region, cluster, date)));
  if (lock || lock.error().code() != ErrorCode::conflict) return lock;
  return Error(ErrorCode::unavailable, concat("the snapshot of ", cluster, " of ", date, " in ",
                                              region.name, " is in use"));
}

}  // namespace pawl::restore
