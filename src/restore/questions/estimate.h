#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "restore/operations/operation.h"

namespace pawl::restore::questions {

// How long a restore of so many bytes may take in a region, and what that is taken from.
struct Estimate {
  double seconds = 0;
  std::string basis;  // "operation X" or "an assumed 150 MB/s"
};

// From the earlier operation of that region that is nearest in size, else from an assumed rate.
// `bytes_moved` is what the assumption is about: everything that is copied and read again.
Result<Estimate> estimate(const Operations& operations, const std::string& region, uint64_t bytes,
                          uint64_t bytes_moved);

}  // namespace pawl::restore::questions
