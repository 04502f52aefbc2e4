#pragma once

#include <vector>

#include "store/documents.h"
#include "store/sqlite.h"

namespace pawl::store {

Result<std::vector<Document>> read_documents(Connection& connection, const std::string& kind);
Result<std::vector<JobChanges>> read_job_changes(Connection& connection, int64_t after,
                                                 size_t count_max);

// Writes them, within the transaction that is open.
Result<void> write(Connection& connection, const PutDocument& put);
Result<void> write(Connection& connection, const DeleteDocument& removed);
Result<void> write(Connection& connection, const AppendJobChanges& append);
Result<void> write(Connection& connection, const ForgetJob& forgotten);

}  // namespace pawl::store
