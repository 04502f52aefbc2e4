#pragma once

#include <cstddef>

namespace pawl::world {

// Raises how many files and sockets this process may have open to what the system allows it, and
// says how many that are (getrlimit(2), RLIMIT_NOFILE).
size_t raise_open_files_max();

}  // namespace pawl::world
