#include "restore/users/users.h"

#include <algorithm>

#include "base/text.h"
#include "restore/users/scram.h"
#include "world/moment.h"

namespace pawl::restore {
namespace {

using postgres::Connection;
using postgres::quote_identifier;
using postgres::quote_literal;

// PostgreSQL cuts longer names off silently, and two users could become one.
constexpr size_t role_name_bytes_max = 63;

constexpr std::string_view user_schemas =
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> "
    "'information_schema' ORDER BY 1";

// Whoever makes tables here: future tables of theirs are granted too.
constexpr std::string_view table_owners =
    "SELECT rolname FROM pg_roles WHERE oid = 10 OR oid IN (SELECT relowner FROM pg_class WHERE "
    "relkind IN ('r', 'p', 'v', 'm', 'f', 'S')) OR oid IN (SELECT nspowner FROM pg_namespace) "
    "OR oid IN (SELECT datdba FROM pg_database) ORDER BY 1";

Result<void> check_names(const std::vector<User>& users) {
  for (const User& user : users) {
    const bool fits = !user.name.empty() && user.name.size() <= role_name_bytes_max &&
                      user.name.find('\0') == std::string::npos && user.name.rfind("pg_", 0) != 0 &&
                      user.name != "public" && user.name != "none";
    if (!fits) {
      return Error(ErrorCode::invalid_argument,
                   concat("user name \"", user.name, "\" cannot be a role of PostgreSQL"),
                   "Use 1 to 63 bytes, not beginning with pg_.");
    }
    if (user.password.empty() || user.password.find('\0') != std::string::npos) {
      return Error(ErrorCode::invalid_argument,
                   concat("user \"", user.name, "\" has no usable password"));
    }
    const auto is_of_that_name = [&](const User& other) { return other.name == user.name; };
    if (std::count_if(users.begin(), users.end(), is_of_that_name) > 1) {
      return Error(ErrorCode::invalid_argument,
                   concat("user \"", user.name, "\" cannot be both the writer and the reader"),
                   "Give app and readonly names of their own in the secrets file.");
    }
  }
  return {};
}

Result<std::vector<std::string>> column(Connection& connection, std::string_view query) {
  const auto rows = TRY(connection.execute(std::string(query)));
  std::vector<std::string> values;
  for (size_t row = 0; row < rows.size(); ++row) values.emplace_back(rows.at(row, 0));
  return values;
}

// Keeps what is said out of the server's log, and off what the source has set for its databases and
// its superuser: a database may be read-only by default, a statement may have a short limit.
Result<void> prepare_session(Connection& connection) {
  TRY(
      connection.execute("SET default_transaction_read_only = off; SET log_statement = 'none'; "
                         "SET log_min_duration_statement = -1; "
                         "SET log_min_error_statement = 'panic'; SET log_duration = off; "
                         "SET statement_timeout = 0; SET lock_timeout = 0; "
                         "SET idle_in_transaction_session_timeout = 0; "
                         "SET search_path = pg_catalog"));
  return {};
}

// What the reader is a member of may write.
Result<void> leave_groups(Connection& connection, const User& user) {
  const auto groups = TRY(connection.execute(
      "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid "
      "JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1",
      {user.name}));
  for (size_t row = 0; row < groups.size(); ++row) {
    TRY(connection.execute(concat("REVOKE ", quote_identifier(groups.at(row, 0)), " FROM ",
                                  quote_identifier(user.name))));
  }
  return {};
}

// A role that the snapshot brought along may be more than it should be.
Result<void> make_role(Connection& connection, const User& user) {
  const auto found =
      TRY(connection.execute("SELECT oid = 10 FROM pg_roles WHERE rolname = $1", {user.name}));
  if (found.size() > 0 && found.at(0, 0) == "t") {
    return Error(ErrorCode::invalid_argument,
                 concat("user \"", user.name, "\" is the superuser of the cluster"),
                 "Give the application another name in the secrets file.");
  }
  const std::string role = quote_identifier(user.name);
  const std::string verifier = TRY(scram_verifier(user.name, user.password));
  TRY(connection.execute(concat(
      found.size() > 0 ? "ALTER" : "CREATE", " ROLE ", role,
      " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT -1 "
      "VALID UNTIL 'infinity' PASSWORD ",
      quote_literal(verifier))));
  if (user.may_write) return {};
  TRY(connection.execute(concat("ALTER ROLE ", role, " SET default_transaction_read_only = on")));
  return leave_groups(connection, user);
}

std::string rights_in_schema(const User& user, std::string_view schema) {
  const std::string in = concat(" IN SCHEMA ", quote_identifier(schema));
  const std::string on = concat(" ON SCHEMA ", quote_identifier(schema));
  const std::string role = quote_identifier(user.name);
  std::string sql = concat("GRANT USAGE", on, " TO ", role, ";");
  if (user.may_write) {
    return sql + concat("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES", in, " TO ", role,
                        ";GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES", in, " TO ", role, ";");
  }
  return concat("REVOKE ALL ON ALL TABLES", in, " FROM ", role, ";REVOKE ALL ON ALL SEQUENCES", in,
                " FROM ", role, ";REVOKE ALL", on, " FROM ", role, ";", sql,
                "GRANT SELECT ON ALL TABLES", in, " TO ", role, ";GRANT SELECT ON ALL SEQUENCES",
                in, " TO ", role, ";");
}

std::string rights_on_the_future(const User& user, std::string_view owner) {
  const std::string start =
      concat("ALTER DEFAULT PRIVILEGES FOR ROLE ", quote_identifier(owner), " ");
  const std::string role = quote_identifier(user.name);
  const std::string tables = user.may_write ? "SELECT, INSERT, UPDATE, DELETE" : "SELECT";
  const std::string sequences = user.may_write ? "USAGE, SELECT, UPDATE" : "SELECT";
  return concat(start, "REVOKE ALL ON TABLES FROM ", role, ";",     //
                start, "REVOKE ALL ON SEQUENCES FROM ", role, ";",  //
                start, "GRANT ", tables, " ON TABLES TO ", role, ";", start, "GRANT ", sequences,
                " ON SEQUENCES TO ", role, ";", start, "GRANT USAGE ON SCHEMAS TO ", role, ";");
}

// An owner can always write; what the snapshot's reader owned goes to the administrator.
std::string disown(const User& user) {
  if (user.may_write) return "";
  return concat("REASSIGN OWNED BY ", quote_identifier(user.name), " TO CURRENT_USER;");
}

// All rights in one database, all or none of them.
Result<void> grant_in_database(InstanceServer& server, const std::string& database,
                               const std::vector<User>& users,
                               const world::Cancellation& cancellation) {
  Connection connection = TRY(server.connect(database, cancellation));
  TRY(prepare_session(connection));
  const auto schemas = TRY(column(connection, user_schemas));
  std::string sql = "BEGIN;";
  for (const User& user : users) sql += disown(user);
  const auto owners = TRY(column(connection, table_owners));
  for (const User& user : users) {
    const std::string role = quote_identifier(user.name);
    sql += concat("REVOKE ALL ON DATABASE ", quote_identifier(database), " FROM ", role, ";");
    sql += concat("GRANT CONNECT ON DATABASE ", quote_identifier(database), " TO ", role, ";");
    for (const std::string& schema : schemas) sql += rights_in_schema(user, schema);
    for (const std::string& owner : owners) {
      if (owner != user.name) sql += rights_on_the_future(user, owner);
    }
  }
  TRY(connection.execute(sql + "COMMIT", {}, {Duration(0), &cancellation}));
  return {};
}

// What is asked of the server: what one may change in a database although nobody gave it to them by
// name.
struct RightLeft {
  std::string_view what, query;
};
constexpr RightLeft rights_left[] = {
    {"create schemas in",
     "SELECT '' WHERE has_database_privilege($1, current_database(), 'CREATE')"},
    {"create tables in schema",
     "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' "
     "AND has_schema_privilege($1, oid, 'CREATE') ORDER BY 1"},
    {"write to",
     "SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace n ON n.oid = "
     "relnamespace WHERE relkind IN ('r', 'p', 'v', 'f') AND nspname !~ '^pg_' AND nspname <> "
     "'information_schema' AND has_schema_privilege($1, n.oid, 'USAGE') AND "
     "(has_table_privilege($1, pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR "
     "has_any_column_privilege($1, pg_class.oid, 'INSERT, UPDATE')) ORDER BY 1"},
};

Result<void> add_rights_left(Connection& connection, const std::string& database, const User& user,
                             std::vector<std::string>& left) {
  constexpr size_t shown_max = 5;
  for (const RightLeft& right : rights_left) {
    const auto rows = TRY(connection.execute(std::string(right.query), {user.name}));
    if (rows.size() == 0) continue;
    std::vector<std::string> names;
    for (size_t row = 0; row < std::min(shown_max, rows.size()); ++row) {
      names.emplace_back(rows.at(row, 0));
    }
    if (rows.size() > shown_max) names.push_back(concat("and ", rows.size() - shown_max, " more"));
    const std::string where = join(names, ", ");
    left.push_back(concat("rights of PUBLIC let \"", user.name, "\" ", right.what,
                          where.empty() ? "" : " ", where,
                          where.empty() ? " database " : " in database ", database));
  }
  return {};
}

}  // namespace

std::vector<User> users_of(const ClusterSecrets& secrets) {
  std::vector<User> users;
  if (!secrets.app.username.empty()) {
    users.push_back({secrets.app.username, secrets.app.password, true});
  }
  if (!secrets.readonly.username.empty()) {
    users.push_back({secrets.readonly.username, secrets.readonly.password, false});
  }
  return users;
}

Result<std::vector<User>> wanted_users(const Settings& settings, const std::string& cluster) {
  if (settings.secrets_file.empty()) return std::vector<User>();
  auto secrets = read_secrets(settings.secrets_file);
  if (secrets) {
    const auto fault = fault_for(*secrets, settings, cluster);
    if (!fault) return users_of(secrets->of(cluster));
    return Error(ErrorCode::invalid_argument, *fault,
                 "Mend it; `pawl config check` tells when it is right.");
  }
  if (secrets.error().code() != ErrorCode::not_found) return std::move(secrets).error();
  return Error(ErrorCode::invalid_argument, secrets.error().message(),
               "Create it with mode 0600, or take secrets out of the configuration.");
}

Result<std::vector<std::string>> set_up_users(InstanceServer& server,
                                              const std::vector<User>& users,
                                              const world::Cancellation& cancellation) {
  TRY(check_names(users));
  std::vector<std::string> left;
  if (users.empty()) return left;
  Connection connection = TRY(server.connect("", cancellation));
  TRY(prepare_session(connection));
  for (const User& user : users) TRY(make_role(connection, user));
  world::moment("users:half");
  for (const std::string& database : TRY(server.databases(cancellation))) {
    TRY(grant_in_database(server, database, users, cancellation));
    Connection inside = TRY(server.connect(database, cancellation));
    TRY(prepare_session(inside));
    for (const User& user : users) {
      if (!user.may_write) TRY(add_rights_left(inside, database, user, left));
    }
  }
  return left;
}

}  // namespace pawl::restore
