#pragma once

#include "store/sqlite.h"

namespace pawl::store {

constexpr int64_t format_version = 1;

// Makes the tables in an empty file, and refuses a file that is not ours or too new.
Result<void> prepare_schema(Connection& connection);

}  // namespace pawl::store
