#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/result.h"
#include "restore/settings.h"

namespace pawl::restore {

// Bytes that may still be written below the region's directory, which need not be there yet: what
// its disk has free, and no more than the region's limit leaves.
Result<uint64_t> free_space(const Region& region);

// The same against the limit only: what a copy has to count, or nothing where there is no limit.
// Error: out_of_space where less than `needed` is free.
Result<std::optional<uint64_t>> space_left(const Region& region, uint64_t needed);

// Copying so many bytes from below one directory to below another; either may be yet to be made.
struct ToCopy {
  std::string source, target;
  uint64_t bytes = 0;
};
// How many of them need space yet: none where the blocks are shared, and not those that an earlier
// run has left there.
Result<uint64_t> space_needed(const ToCopy& copy);

// Says how much is needed, how much is free, where, and what makes room.
Error not_enough_space(const Region& region, uint64_t needed, uint64_t free);

}  // namespace pawl::restore
