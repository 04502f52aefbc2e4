#pragma once

#include <optional>
#include <string>

#include "store/sqlite.h"
#include "store/store.h"

namespace pawl::store {

// Reading the tables of executions. Errors of all: corrupt, with the execution and what of it is
// damaged or missing.

// SELECT … FROM, for what stands behind it: WHERE and so on.
std::string select_listed();
std::string select_whole();

// Of a row of the first one: input, output and definition are left empty, and so is what its result
// says where it succeeded.
Result<Execution> read_listed(const Statement& row);
// Of a row of the second one.
Result<Execution> read_whole(Connection& connection, const Statement& row);

// Where its last record is, as its row says it; nothing where there is no row.
Result<std::optional<int64_t>> read_head(Connection& connection, int64_t id);

Error damaged_execution(int64_t id, std::string_view what);

}  // namespace pawl::store
