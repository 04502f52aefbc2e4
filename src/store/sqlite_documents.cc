#include "store/sqlite_documents.h"

namespace pawl::store {

Result<std::vector<Document>> read_documents(Connection& connection, const std::string& kind) {
  Statement row =
      TRY(connection.statement("SELECT key, text FROM documents WHERE kind = ? ORDER BY key"));
  row.bind(kind);
  std::vector<Document> documents;
  while (TRY(row.step())) documents.push_back({kind, row.text(0), row.text(1)});
  return documents;
}

Result<std::vector<JobChanges>> read_job_changes(Connection& connection, int64_t after,
                                                 size_t count_max) {
  Statement row = TRY(connection.statement(
      "SELECT position, job, text FROM job_changes WHERE position > ? ORDER BY position LIMIT ?"));
  row.bind(after).bind(static_cast<int64_t>(count_max));
  std::vector<JobChanges> changes;
  while (TRY(row.step())) changes.push_back({row.integer(0), row.integer(1), row.text(2)});
  return changes;
}

Result<void> write(Connection& connection, const PutDocument& put) {
  Statement statement = TRY(
      connection.statement("INSERT OR REPLACE INTO documents (kind, key, text) VALUES (?, ?, ?)"));
  return statement.bind(put.document.kind).bind(put.document.key).bind(put.document.text).run();
}

Result<void> write(Connection& connection, const DeleteDocument& removed) {
  Statement statement =
      TRY(connection.statement("DELETE FROM documents WHERE kind = ? AND key = ?"));
  return statement.bind(removed.kind).bind(removed.key).run();
}

Result<void> write(Connection& connection, const AppendJobChanges& append) {
  Statement statement =
      TRY(connection.statement("INSERT INTO job_changes (job, text) VALUES (?, ?)"));
  return statement.bind(append.job).bind(append.text).run();
}

Result<void> write(Connection& connection, const ForgetJob& forgotten) {
  Statement statement = TRY(connection.statement("DELETE FROM job_changes WHERE job = ?"));
  return statement.bind(forgotten.job).run();
}

}  // namespace pawl::store
