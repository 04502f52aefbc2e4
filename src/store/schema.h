#pragma once

#include "store/sqlite.h"

namespace pawl::store {

constexpr int64_t format_version = 5;

// The format of a file; 0 of an empty one. Errors: corrupt, where it is not ours; unsupported,
// where it is newer than `newest`.
Result<int64_t> known_format(Connection& connection, int64_t newest = format_version);

// Makes the tables in an empty file, brings a file of an older format to this one (in one
// transaction), and refuses a file that is not ours or too new. Gives the format it had.
// Another format than the newest is for tests.
Result<int64_t> prepare_schema(Connection& connection, int64_t format = format_version);

}  // namespace pawl::store
