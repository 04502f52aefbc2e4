#pragma once

#include <string>

#include "store/check/check.h"

namespace pawl::store {

// Makes all indexes of a data file anew from its rows, in one transaction, and checks the file.
// Errors: conflict, where a server has it open; not_found; unsupported, of a newer format; what
// SQLite finds in the way, as two rows with a name that only one may have: nothing is changed then.
Result<CheckReport> reindex(const std::string& path, const Progress& progress);

}  // namespace pawl::store
