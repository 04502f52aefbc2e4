#include "store/sqlite_documents.h"

#include "base/text.h"
#include "store/row_checksums.h"

namespace pawl::store {

Result<std::vector<Document>> read_documents(Connection& connection, const std::string& kind) {
  const std::string select = concat("SELECT key, text, ", is_whole(columns::documents),
                                    " FROM documents WHERE kind = ? ORDER BY key");
  Statement row = TRY(connection.passing_statement(select));
  row.bind(kind);
  std::vector<Document> documents;
  while (TRY(row.step())) {
    if (row.integer(2) == 0) return damaged_row(concat("document ", kind, " ", row.text(0)));
    documents.push_back({kind, row.text(0), row.text(1)});
  }
  return documents;
}

Result<std::vector<JobChanges>> read_job_changes(Connection& connection, int64_t after,
                                                 size_t count_max) {
  const std::string select =
      concat("SELECT position, job, text, ", job_change_is_whole,
             " FROM job_changes WHERE position > ? ORDER BY position LIMIT ?");
  Statement row = TRY(connection.passing_statement(select));
  row.bind(after).bind(static_cast<int64_t>(count_max));
  std::vector<JobChanges> changes;
  while (TRY(row.step())) {
    if (row.integer(3) == 0)
      return damaged_row(concat("change ", row.integer(0), " of job ", row.integer(1)));
    changes.push_back({row.integer(0), row.integer(1), row.text(2)});
  }
  return changes;
}

Result<void> write(Connection& connection, const PutDocument& put) {
  static const std::string insert =
      insertion("INSERT OR REPLACE INTO documents", columns::documents);
  Statement statement = TRY(connection.statement(insert));
  return statement.bind(put.document.kind).bind(put.document.key).bind(put.document.text).run();
}

Result<void> write(Connection& connection, const DeleteDocument& removed) {
  Statement statement =
      TRY(connection.statement("DELETE FROM documents WHERE kind = ? AND key = ?"));
  return statement.bind(removed.kind).bind(removed.key).run();
}

Result<void> write(Connection& connection, const AppendJobChanges& append) {
  static const std::string insert = insertion("INSERT INTO job_changes", columns::job_changes);
  Statement statement = TRY(connection.statement(insert));
  return statement.bind(append.job).bind(append.text).run();
}

Result<void> write(Connection& connection, const ForgetJob& forgotten) {
  Statement statement = TRY(connection.statement("DELETE FROM job_changes WHERE job = ?"));
  return statement.bind(forgotten.job).run();
}

}  // namespace pawl::store
