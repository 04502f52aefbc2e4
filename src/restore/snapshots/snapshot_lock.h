#pragma once

#include <string>

#include "base/result.h"
#include "restore/settings.h"
#include "world/file_lock.h"

namespace pawl::restore {

// Who reads a snapshot's files (a copy, a restore) and who changes them (a copy that writes them,
// the archive, clean-up) keep out of each other's way; any number may read at once.
Result<world::FileLock> use_snapshot(const Region& region, const std::string& cluster,
                                     const std::string& date);
Result<world::FileLock> change_snapshot(const Region& region, const std::string& cluster,
                                        const std::string& date);
// Error: unavailable where someone uses it now.
Result<world::FileLock> try_change_snapshot(const Region& region, const std::string& cluster,
                                            const std::string& date);

}  // namespace pawl::restore
