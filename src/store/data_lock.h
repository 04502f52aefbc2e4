#pragma once

#include <string>

#include "base/result.h"
#include "world/file_lock.h"

namespace pawl::store {

// Takes ownership of a data file, by a lock on a file beside it that says who holds it. Not on the
// data file itself: SQLite's own locks there are lost when anyone in the process closes it.
// Error: conflict, naming the holder.
Result<world::FileLock> take_data_lock(const std::string& data_path);

}  // namespace pawl::store
