#include "store/schema.h"

#include <iterator>

#include "base/text.h"

namespace pawl::store {
namespace {

constexpr int64_t application_id = 0x5061776c;  // "Pawl"

// Rows that change are small: what may be large (definition, input, output) is written once, in a
// table of its own, because SQLite writes a whole row again for each change. Only running
// executions are in the index of running ones, so recovery does not look at the closed.
constexpr const char* first_format = R"sql(
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

// Versions, aliases, activities, tags; what an execution runs of a machine; redrives. A machine has
// a revision only once it has been updated.
constexpr const char* second_format = R"sql(
  ALTER TABLE machines ADD COLUMN settings TEXT NOT NULL DEFAULT '';
  ALTER TABLE machines ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0;
  UPDATE machines SET revision_id = '' WHERE updated = created;
  CREATE TABLE versions (
    machine_arn TEXT NOT NULL, number INTEGER NOT NULL, definition INTEGER NOT NULL,
    role_arn TEXT NOT NULL, revision_id TEXT NOT NULL, settings TEXT NOT NULL,
    description TEXT NOT NULL, created INTEGER NOT NULL,
    PRIMARY KEY (machine_arn, number)) STRICT, WITHOUT ROWID;
  CREATE TABLE aliases (
    arn TEXT PRIMARY KEY, machine_arn TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,
    routes TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX aliases_of_machine ON aliases (machine_arn, name);
  CREATE TABLE activities (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL,
    created INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE tags (arn TEXT PRIMARY KEY, tags TEXT NOT NULL) STRICT, WITHOUT ROWID;
  ALTER TABLE executions ADD COLUMN type TEXT NOT NULL DEFAULT 'STANDARD';
  ALTER TABLE executions ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE executions ADD COLUMN alias TEXT NOT NULL DEFAULT '';
  ALTER TABLE executions ADD COLUMN revision_id TEXT NOT NULL DEFAULT '';
  ALTER TABLE executions ADD COLUMN settings TEXT NOT NULL DEFAULT '';
  ALTER TABLE executions ADD COLUMN machine_updated INTEGER;
  ALTER TABLE executions ADD COLUMN redrives INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE executions ADD COLUMN redriven INTEGER;
  INSERT INTO facts VALUES ('secret', random()), ('secret 2', random()), ('secret 3', random());
  CREATE INDEX executions_of_version ON executions (machine_arn, version, id) WHERE version > 0;
  CREATE INDEX executions_of_alias ON executions (machine_arn, alias, id) WHERE alias <> '';
)sql";

// Texts that are kept once by content are not only definitions: what is large of inputs, outputs
// and records as well. A large input or output is a number in `large`, and its own column is empty.
constexpr const char* third_format = R"sql(
  ALTER TABLE definitions RENAME TO texts;
  ALTER TABLE inputs ADD COLUMN large INTEGER;
  ALTER TABLE results ADD COLUMN large INTEGER;
)sql";

// What rooms keep under names, and what happens to jobs: AUTOINCREMENT, so that a position is never
// given twice, also when the newest rows have been forgotten.
constexpr const char* fourth_format = R"sql(
  CREATE TABLE documents (
    kind TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (kind, key))
    STRICT, WITHOUT ROWID;
  CREATE TABLE job_changes (
    position INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE INDEX changes_of_job ON job_changes (job);
)sql";

// Sums of what is in each row (row_checksums.h). Tables that may have millions of rows get them
// with what is written from here on, and it is noted how far the rows without any go: to write all
// of them again would hold up the start, and want as much space again.
constexpr const char* fifth_format = R"sql(
  ALTER TABLE facts ADD COLUMN checksum INTEGER;
  ALTER TABLE machines ADD COLUMN checksum INTEGER;
  ALTER TABLE versions ADD COLUMN checksum INTEGER;
  ALTER TABLE aliases ADD COLUMN checksum INTEGER;
  ALTER TABLE activities ADD COLUMN checksum INTEGER;
  ALTER TABLE tags ADD COLUMN checksum INTEGER;
  ALTER TABLE executions ADD COLUMN checksum INTEGER;
  ALTER TABLE executions ADD COLUMN head_checksum INTEGER;
  ALTER TABLE inputs ADD COLUMN checksum INTEGER;
  ALTER TABLE results ADD COLUMN checksum INTEGER;
  ALTER TABLE documents ADD COLUMN checksum INTEGER;
  ALTER TABLE job_changes ADD COLUMN checksum INTEGER;
  INSERT INTO facts (name, value) VALUES
    ('unchecked executions', (SELECT coalesce(max(id), 0) FROM executions)),
    ('unchecked job changes', (SELECT coalesce(max(position), 0) FROM job_changes));
  UPDATE facts SET checksum = crc32c(name, value);
  UPDATE machines SET checksum = crc32c(arn, name, definition, role_arn, type, status, revision_id,
    created, updated, settings, last_version);
  UPDATE versions SET checksum = crc32c(machine_arn, number, definition, role_arn, revision_id,
    settings, description, created);
  UPDATE aliases SET checksum =
    crc32c(arn, machine_arn, name, description, routes, created, updated);
  UPDATE activities SET checksum = crc32c(arn, name, settings, created);
  UPDATE tags SET checksum = crc32c(arn, tags);
  UPDATE documents SET checksum = crc32c(kind, key, text);
)sql";

// What makes each format out of the one before; an empty file has format 0.
constexpr const char* steps[] = {first_format, second_format, third_format, fourth_format,
                                 fifth_format};
static_assert(std::size(steps) == format_version);

Result<int64_t> pragma(Connection& connection, std::string_view name) {
  Statement statement = TRY(connection.passing_statement(concat("PRAGMA ", name)));
  TRY(statement.step());
  return statement.integer(0);
}

}  // namespace

Result<int64_t> known_format(Connection& connection, int64_t newest) {
  const int64_t version = TRY(pragma(connection, "user_version"));
  const int64_t owner = TRY(pragma(connection, "application_id"));
  const bool is_empty = TRY(pragma(connection, "schema_version")) == 0;
  if (!is_empty && owner != application_id) {
    return Error(ErrorCode::corrupt, "the data file was not made by pawl",
                 "Give another data directory.");
  }
  if (version < 0 || (version == 0 && !is_empty)) {
    return Error(ErrorCode::corrupt, concat("the data file has the impossible format ", version),
                 "Put back a copy of the data directory.");
  }
  if (version > newest) {
    return Error(ErrorCode::unsupported,
                 concat("the data file has format ", version, ", this program knows ", newest),
                 "Use the version of pawl that wrote it, or a newer one.");
  }
  return version;
}

Result<int64_t> prepare_schema(Connection& connection, int64_t format) {
  const int64_t version = TRY(known_format(connection, format));
  if (version == format) return version;
  std::string change = "BEGIN IMMEDIATE;";
  for (int64_t step = version; step < format; ++step) change += steps[step];
  TRY(connection.execute(concat(change, "PRAGMA application_id=", application_id,
                                ";PRAGMA user_version=", format, ";COMMIT")));
  return version;
}

}  // namespace pawl::store
