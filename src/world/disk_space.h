#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace pawl::world {

// In bytes.
struct DiskSpace {
  uint64_t free = 0;  // for an unprivileged process
  uint64_t whole = 0;
};

// Of the file system of `path`.
Result<DiskSpace> disk_space(const std::string& path);

}  // namespace pawl::world
