#pragma once

#include <string>

#include "base/result.h"
#include "world/file_descriptor.h"

namespace pawl::restore {

// Locks between threads and processes (flock on a file of its own), held as long as the descriptor
// is open. Unlike world::FileLock they can be waited for and shared.
enum class LockKind { exclusive, shared };

Result<world::FileDescriptor> wait_for_lock(const std::string& path,
                                            LockKind kind = LockKind::exclusive);
// Error: conflict where someone else holds it.
Result<world::FileDescriptor> try_lock(const std::string& path,
                                       LockKind kind = LockKind::exclusive);

}  // namespace pawl::restore
