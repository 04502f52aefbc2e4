#pragma once

#include "base/result.h"
#include "restore/batch/request.h"
#include "restore/services.h"

namespace pawl::restore::questions {

// What a restore writes into its target's region, and what there is room for.
struct Space {
  bool needs_copy = false, shares_blocks = false;
  uint64_t bytes_needed = 0, bytes_free = 0;
};

// `is_there`: the target's region has the whole snapshot. Error: out_of_space where there is
// certainly too little, in that region or, for an archive that has to be unpacked, in its own.
Result<Space> space_for(const Services& services, const batch::Item& item, const Snapshot& snapshot,
                        bool is_there);

}  // namespace pawl::restore::questions
