#pragma once

#include "base/result.h"
#include "restore/snapshots/snapshot.h"
#include "world/file_lock.h"

namespace pawl::restore {

// Removes a snapshot from its region. Its description goes first, so that whatever a crash leaves
// of it counts as nothing. `held` is the lock of change_snapshot.
Result<void> remove_snapshot(const std::string& directory, const world::FileLock& held);

// The archive of that date, description first. False where there is none.
Result<bool> remove_archived(const Region& region, const std::string& cluster,
                             const std::string& date, const world::FileLock& held);

}  // namespace pawl::restore
