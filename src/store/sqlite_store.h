#pragma once

#include <memory>
#include <string>

#include "store/store.h"

namespace pawl::store {

// How far the heads of histories may be ahead of their rows: held in memory, and read again from
// the journal at the next start.
struct CheckpointLimits {
  size_t moved_heads_max = 65'536;
  int64_t journal_rows_max = 4096;
};

// The store in one SQLite file, which this process owns until the store is destroyed. The folder is
// made where it is missing. A commit is on the disk when it returns (write-ahead log, synced).
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path,
                                                 CheckpointLimits limits = {});

}  // namespace pawl::store
