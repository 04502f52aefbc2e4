#pragma once

#include <memory>
#include <string>

#include "store/store.h"

namespace pawl::store {

// The store in one SQLite file, which this process owns until the store is destroyed. The folder is
// made where it is missing. A commit is on the disk when it returns (write-ahead log, synced).
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path);

}  // namespace pawl::store
