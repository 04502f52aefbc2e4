#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "restore/settings.h"

namespace pawl::restore {

// Bytes that may still be written below the region's directory by its space_limit; nothing where it
// has none.
Result<std::optional<uint64_t>> space_left(const Region& region);

// Error: out_of_space where neither the disk nor the limit has room for that many bytes more.
Result<void> check_space(const Region& region, uint64_t bytes);

}  // namespace pawl::restore
