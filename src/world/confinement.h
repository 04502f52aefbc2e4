#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace pawl::world {

// From here on this process, and all that it starts, can open, make, rename and remove files only
// beneath these directories, which are there (Landlock; Linux kernel documentation, "Landlock:
// unprivileged access control"). What is open stays open. Error: unsupported, where the kernel does
// not have it; then nothing has changed. REQUIRES: one thread.
Result<void> confine_files_to(const std::vector<std::string>& directories);

// Whether this kernel has it.
bool can_confine_files();

}  // namespace pawl::world
