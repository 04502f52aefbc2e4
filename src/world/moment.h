#pragma once

#include <string_view>

namespace pawl::world {

// A named moment of the program. Where the environment says PAWL_CRASH_AT=<name>[:<n>], the process
// kills itself with SIGKILL at the n-th (first) time it comes by: tests use it to die in every
// step. PAWL_PAUSE_AT=<name>:<ms> sleeps there instead. Costs one load of a pointer otherwise.
void moment(std::string_view name);

}  // namespace pawl::world
