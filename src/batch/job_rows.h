#pragma once

#include <vector>

#include "jobs/jobs.h"
#include "store/store.h"

namespace pawl::batch {

// Changes as the store keeps them: resources are documents, and what happens to one job in one turn
// is one row.
std::vector<store::Write> rows_of(const std::vector<jobs::Change>& changes);

// Everything that is durable, folded.
Result<void> fold_all(store::Store& store, jobs::Jobs& jobs);

}  // namespace pawl::batch
