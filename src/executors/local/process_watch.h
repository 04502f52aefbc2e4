#pragma once

#include <sys/types.h>

#include <optional>

#include "world/file_descriptor.h"

// Processes that are not our children.
namespace pawl::executors {

// Readable once the process has ended (pidfd). Not open where there is no such process.
world::FileDescriptor watch_process(pid_t pid);

// How a watched process has ended: its exit status, or 128 + the signal. Nothing where it cannot be
// found out: before Linux 6.15 that is when its parent has been told already.
std::optional<int> status_of_ended(const world::FileDescriptor& watched, pid_t pid);

}  // namespace pawl::executors
