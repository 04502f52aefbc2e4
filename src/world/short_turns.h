#pragma once

namespace pawl::world {

// Asks the kernel to give this thread the processor as soon as it is woken, for a little time each
// time (Linux 6.12, "sched_attr::sched_runtime" of sched_setattr(2)); what it starts is scheduled
// as anything else. A kernel that does not know this goes on as it did.
void take_short_turns();

}  // namespace pawl::world
