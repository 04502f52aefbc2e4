#pragma once

#include <string>

#include "base/result.h"

struct sqlite3;

namespace pawl::store {

// What mends a damaged index.
inline constexpr const char* advice_for_index =
    "No data are lost with an index: stop the server and make it anew with `pawl store reindex`.";

// Why a call of SQLite has failed. What the disk has refused is told as that, with the file and the
// system's word: SQLite itself calls a page malformed that the disk does not give.
Error error_of(sqlite3* database, int status);
// The same while it is being opened, and knows no path yet.
Error error_of(sqlite3* database, int status, const std::string& path);
// The same for a call of one of its files (sqlite3_io_methods), which the connection knows nothing
// of.
Error file_error(sqlite3* database, int status);
// What the disk has refused since it was asked last, where SQLite has gone on without.
Result<void> check_disk(sqlite3* database);

}  // namespace pawl::store
