#pragma once

#include <sys/types.h>

#include <optional>

#include "executors/local/process_table.h"
#include "world/file_descriptor.h"

// Processes that are not our children.
namespace pawl::executors {

// Readable once the process has ended (pidfd). Not open where there is no such process.
world::FileDescriptor watch_process(pid_t pid);

// How a watched process has ended: its exit status, or 128 + the signal. Nothing where it cannot be
// found out: before Linux 6.15 that is when its parent has been told already.
std::optional<int> status_of_ended(const world::FileDescriptor& watched, pid_t pid);

// Kills the process, if it still has this mark. False where it is gone.
bool kill_marked(pid_t pid, const AttemptMark& mark);

// Whether its parent has been told of its end, and the number is free for another process.
bool is_reaped(const world::FileDescriptor& watched);

}  // namespace pawl::executors
