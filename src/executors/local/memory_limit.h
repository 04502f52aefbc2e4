#pragma once

#include <vector>

#include "executors/local/ledger.h"

namespace pawl::executors {

// How often memory is looked at where no control group limits it. What an attempt takes and gives
// back in between is not seen.
constexpr milliseconds memory_watch_interval(200);

// The attempts that use more memory than they may, all their processes together. What processes
// share counts once.
std::vector<Entry*> attempts_over_memory(Ledger& ledger);

}  // namespace pawl::executors
