#include "store/catalogue_text.h"
#include "store/row_checksums.h"
#include "store/sqlite_catalogue.h"
#include "store/texts.h"

namespace pawl::store {
namespace {

int64_t microseconds(Instant instant) { return instant.time_since_epoch().count(); }

Result<void> run(Connection& connection, std::string_view sql, const std::string& key) {
  Statement statement = TRY(connection.statement(sql));
  return statement.bind(key).run();
}

}  // namespace

Result<void> write(Connection& connection, const PutMachine& put) {
  const Machine& machine = put.machine;
  const int64_t definition = TRY(text_id(connection, machine.definition));
  Statement statement =
      TRY(connection.statement(insertion("INSERT OR REPLACE INTO machines", columns::machines)));
  statement.bind(machine.arn).bind(machine.name).bind(definition).bind(machine.role_arn);
  statement.bind(machine.type).bind(machine.status).bind(machine.revision_id);
  statement.bind(microseconds(machine.created)).bind(microseconds(machine.updated));
  return statement.bind(machine.settings).bind(machine.last_version).run();
}

Result<void> write(Connection& connection, const DeleteMachine& removed) {
  TRY(run(connection, "DELETE FROM machines WHERE arn = ?", removed.arn));
  TRY(run(connection, "DELETE FROM versions WHERE machine_arn = ?", removed.arn));
  TRY(run(connection, "DELETE FROM aliases WHERE machine_arn = ?", removed.arn));
  return run(connection, "DELETE FROM tags WHERE arn = ?", removed.arn);
}

Result<void> write(Connection& connection, const PutVersion& put) {
  const Version& version = put.version;
  const int64_t definition = TRY(text_id(connection, version.definition));
  Statement statement =
      TRY(connection.statement(insertion("INSERT INTO versions", columns::versions)));
  statement.bind(version.machine_arn).bind(version.number).bind(definition).bind(version.role_arn);
  statement.bind(version.revision_id).bind(version.settings).bind(version.description);
  return statement.bind(microseconds(version.created)).run();
}

Result<void> write(Connection& connection, const DeleteVersion& removed) {
  Statement statement =
      TRY(connection.statement("DELETE FROM versions WHERE machine_arn = ? AND number = ?"));
  return statement.bind(removed.machine_arn).bind(removed.number).run();
}

Result<void> write(Connection& connection, const PutAlias& put) {
  const Alias& alias = put.alias;
  const std::string routes = text_of(alias.routes);
  Statement statement =
      TRY(connection.statement(insertion("INSERT OR REPLACE INTO aliases", columns::aliases)));
  statement.bind(alias.arn).bind(alias.machine_arn).bind(alias.name).bind(alias.description);
  return statement.bind(routes)
      .bind(microseconds(alias.created))
      .bind(microseconds(alias.updated))
      .run();
}

Result<void> write(Connection& connection, const DeleteAlias& removed) {
  return run(connection, "DELETE FROM aliases WHERE arn = ?", removed.arn);
}

Result<void> write(Connection& connection, const PutActivity& put) {
  const Activity& activity = put.activity;
  Statement statement = TRY(
      connection.statement(insertion("INSERT OR REPLACE INTO activities", columns::activities)));
  statement.bind(activity.arn).bind(activity.name).bind(activity.settings);
  return statement.bind(microseconds(activity.created)).run();
}

Result<void> write(Connection& connection, const DeleteActivity& removed) {
  TRY(run(connection, "DELETE FROM activities WHERE arn = ?", removed.arn));
  return run(connection, "DELETE FROM tags WHERE arn = ?", removed.arn);
}

Result<void> write(Connection& connection, const PutTags& put) {
  if (put.tags.empty()) return run(connection, "DELETE FROM tags WHERE arn = ?", put.arn);
  const std::string tags = text_of(put.tags);
  Statement statement =
      TRY(connection.statement(insertion("INSERT OR REPLACE INTO tags", columns::tags)));
  return statement.bind(put.arn).bind(tags).run();
}

}  // namespace pawl::store
