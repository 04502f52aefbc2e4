#include "store/schema.h"

#include "base/text.h"

namespace pawl::store {
namespace {

constexpr int64_t application_id = 0x5061776c;  // "Pawl"

// Rows that change are small: what may be large (definition, input, output) is written once, in a
// table of its own, because SQLite writes a whole row again for each change. Only running
// executions are in the index of running ones, so recovery does not look at the closed.
constexpr const char* tables = R"sql(
  CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE definitions (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, text TEXT NOT NULL)
    STRICT;
  CREATE TABLE machines (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, definition INTEGER NOT NULL,
    role_arn TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, revision_id TEXT NOT NULL,
    created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE executions (
    id INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    machine_arn TEXT NOT NULL, definition INTEGER NOT NULL, role_arn TEXT NOT NULL,
    started_by TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, stopped INTEGER,
    head INTEGER NOT NULL) STRICT;
  CREATE INDEX executions_of_machine ON executions (machine_arn, id);
  CREATE INDEX executions_running ON executions (id) WHERE status = 'RUNNING';
  CREATE TABLE inputs (execution INTEGER PRIMARY KEY, input TEXT NOT NULL) STRICT;
  CREATE TABLE results (
    execution INTEGER PRIMARY KEY, error TEXT NOT NULL, cause TEXT NOT NULL, output TEXT NOT NULL)
    STRICT;
  CREATE TABLE journal (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  INSERT INTO facts VALUES ('checkpoint', 0);
)sql";

Result<int64_t> pragma(Connection& connection, std::string_view name) {
  Statement statement = TRY(connection.statement(concat("PRAGMA ", name)));
  TRY(statement.step());
  return statement.integer(0);
}

}  // namespace

Result<void> prepare_schema(Connection& connection) {
  const int64_t version = TRY(pragma(connection, "user_version"));
  const int64_t owner = TRY(pragma(connection, "application_id"));
  const bool is_empty = TRY(pragma(connection, "schema_version")) == 0;
  if (is_empty) {
    return connection.execute(concat("BEGIN IMMEDIATE;", tables,
                                     "PRAGMA application_id=", application_id,
                                     ";PRAGMA user_version=", format_version, ";COMMIT"));
  }
  if (owner != application_id) {
    return Error(ErrorCode::corrupt, "the data file was not made by pawl",
                 "Give another data directory.");
  }
  if (version != format_version) {
    return Error(
        ErrorCode::unsupported,
        concat("the data file has format ", version, ", this program knows ", format_version),
        "Use the version of pawl that wrote it, or a newer one.");
  }
  return {};
}

}  // namespace pawl::store
