#include "postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <chrono>

#include "base/text.h"

namespace pawl::postgres {
namespace {

using SteadyClock = std::chrono::steady_clock;

// How often a wait looks up to see whether it was cancelled.
constexpr auto glance = milliseconds(20);

// Waits for the socket; false where `until` passed or somebody cancelled.
bool wait_for_socket(int socket, short events, SteadyClock::time_point until,
                     const world::Cancellation* cancellation) {
  for (;;) {
    if (cancellation != nullptr && cancellation->is_requested()) return false;
    const auto now = SteadyClock::now();
    if (now >= until) return false;
    auto pause = std::chrono::ceil<milliseconds>(until - now);
    if (pause > glance) pause = glance;
    pollfd descriptor{socket, events, 0};
    const int ready = poll(&descriptor, 1, static_cast<int>(pause.count()));
    if (ready != 0) return true;  // an error shows when libpq reads
  }
}

SteadyClock::time_point moment_after(Duration limit) {
  if (limit <= Duration(0)) return SteadyClock::time_point::max() - hours(1);
  return SteadyClock::now() + limit;
}

// libpq's messages end with line breaks, and carry DETAIL and HINT on lines of their own.
std::string one_line(std::string_view message) {
  return replace_all(replace_all(trim(message), "\n", "; "), "\t", " ");
}

std::string place_of(const ConnectionOptions& options) {
  return concat("PostgreSQL at ", options.host, ":", options.port, ", database ", options.database);
}

Error interrupted(const world::Cancellation* cancellation, std::string_view what) {
  if (cancellation != nullptr && cancellation->is_requested()) {
    return Error(ErrorCode::cancelled, concat(what, " was cancelled"));
  }
  return Error(ErrorCode::timed_out, concat(what, " took longer than its limit"));
}

ErrorCode code_of_failed_connect(std::string_view message) {
  const auto says = [&](std::string_view words) { return message.find(words) != message.npos; };
  if (says("authentication failed") || says("no password supplied") || says("pg_hba.conf") ||
      says("permission denied")) {
    return ErrorCode::permission_denied;
  }
  return says("does not exist") && says("FATAL") ? ErrorCode::not_found : ErrorCode::unavailable;
}

}  // namespace

void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }
size_t Rows::size() const { return static_cast<size_t>(PQntuples(result_.get())); }
size_t Rows::columns() const { return static_cast<size_t>(PQnfields(result_.get())); }
bool Rows::is_null(size_t row, size_t column) const {
  return PQgetisnull(result_.get(), static_cast<int>(row), static_cast<int>(column)) != 0;
}
std::string_view Rows::at(size_t row, size_t column) const {
  CHECK(row < size() && column < columns());
  const int r = static_cast<int>(row), c = static_cast<int>(column);
  return {PQgetvalue(result_.get(), r, c), static_cast<size_t>(PQgetlength(result_.get(), r, c))};
}
int64_t Rows::affected() const { return parse_integer(PQcmdTuples(result_.get())).value_or(0); }

void Connection::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

Result<Connection> Connection::open(const ConnectionOptions& options,
                                    const world::Cancellation* cancellation) {
  const std::string port = concat(options.port);
  const char* names[] = {
      "host", "port", "user", "password", "dbname", "application_name", "client_encoding", nullptr};
  const char* values[] = {options.host.c_str(),
                          port.c_str(),
                          options.user.c_str(),
                          options.password.c_str(),
                          options.database.c_str(),
                          "pawl",
                          "UTF8",
                          nullptr};
  Connection connection(PQconnectStartParams(names, values, 0));
  CHECK(connection.connection_ != nullptr);  // out of memory

  const auto until = moment_after(options.limit);
  auto state = PGRES_POLLING_WRITING;
  while (PQstatus(connection.connection_.get()) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
         state != PGRES_POLLING_FAILED) {
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!wait_for_socket(PQsocket(connection.connection_.get()), events, until, cancellation)) {
      return interrupted(cancellation, concat("connecting to ", place_of(options)));
    }
    state = PQconnectPoll(connection.connection_.get());
  }
  if (PQstatus(connection.connection_.get()) != CONNECTION_OK) {
    const std::string message = one_line(PQerrorMessage(connection.connection_.get()));
    return Error(code_of_failed_connect(message),
                 concat("cannot connect to ", place_of(options), ": ", message));
  }
  return connection;
}

Result<Rows> Connection::execute(const std::string& sql, const std::vector<std::string>& parameters,
                                 const StatementLimits& limits) {
  sqlstate_.clear();
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
  const int sent = parameters.empty() ? PQsendQuery(connection_.get(), sql.c_str())
                                      : PQsendQueryParams(connection_.get(), sql.c_str(),
                                                          static_cast<int>(values.size()), nullptr,
                                                          values.data(), nullptr, nullptr, 0);
  if (sent != 1) {
    return Error(ErrorCode::unavailable, concat("the connection to PostgreSQL is lost: ",
                                                one_line(PQerrorMessage(connection_.get()))));
  }
  return collect(limits);
}

Result<Rows> Connection::collect(const StatementLimits& limits) {
  std::optional<Rows> last;
  std::optional<Error> error;
  const bool finished = TRY(wait_for_answer(limits));
  while (pg_result* result = PQgetResult(connection_.get())) {
    const auto status = PQresultStatus(result);
    last.emplace(result);
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      return Error(ErrorCode::unsupported, "COPY cannot be run through this connection");
    }
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
      if (!error) error = statement_error(result);
    }
  }
  if (!finished) return interrupted(limits.cancellation, "the statement");
  if (error) return std::move(*error);
  if (!last) return Error(ErrorCode::unavailable, "PostgreSQL gave no answer");
  return std::move(*last);
}

// False where the statement had to be cancelled; its results are to be read all the same.
Result<bool> Connection::wait_for_answer(const StatementLimits& limits) {
  auto until = moment_after(limits.limit);
  const world::Cancellation* cancellation = limits.cancellation;
  bool in_time = true;
  while (PQisBusy(connection_.get()) != 0) {
    if (!wait_for_socket(PQsocket(connection_.get()), POLLIN, until, cancellation)) {
      // A server that does not react to the request either is not waited for without end.
      if (!in_time) return Error(ErrorCode::unavailable, "PostgreSQL does not stop a statement");
      cancel_statement();
      in_time = false;
      cancellation = nullptr;
      until = moment_after(seconds(10));
    }
    if (PQconsumeInput(connection_.get()) != 1) {
      return Error(ErrorCode::unavailable, concat("the connection to PostgreSQL is lost: ",
                                                  one_line(PQerrorMessage(connection_.get()))));
    }
  }
  return in_time;
}

void Connection::cancel_statement() {
  PGcancel* cancel = PQgetCancel(connection_.get());
  if (cancel == nullptr) return;
  char message[256];
  PQcancel(cancel, message, sizeof message);
  PQfreeCancel(cancel);
}

Error Connection::statement_error(const pg_result* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  sqlstate_ = state == nullptr ? "" : state;
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const char* detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
  std::string message = primary != nullptr ? primary : one_line(PQresultErrorMessage(result));
  if (detail != nullptr) message += concat("; ", one_line(detail));
  if (sqlstate_.empty()) return Error(ErrorCode::unavailable, std::move(message));
  return Error(code_of_sqlstate(sqlstate_), concat(message, " (SQLSTATE ", sqlstate_, ")"));
}

std::string Connection::server_version() const {
  const int number = PQserverVersion(connection_.get());
  return concat(number / 10000, ".", number % 10000);
}

std::string quote_identifier(std::string_view name) {
  return concat("\"", replace_all(name, "\"", "\"\""), "\"");
}

std::string quote_literal(std::string_view text) {
  std::string quoted = replace_all(text, "'", "''");
  if (text.find('\\') == text.npos) return concat("'", quoted, "'");
  return concat(" E'", replace_all(quoted, "\\", "\\\\"), "'");
}

ErrorCode code_of_sqlstate(std::string_view sqlstate) {
  static constexpr struct {
    std::string_view prefix;
    ErrorCode code;
  } table[] = {
      {"08", ErrorCode::unavailable},          {"28", ErrorCode::permission_denied},
      {"3D000", ErrorCode::not_found},         {"3F000", ErrorCode::not_found},
      {"42501", ErrorCode::permission_denied}, {"42704", ErrorCode::not_found},
      {"42P01", ErrorCode::not_found},         {"42P04", ErrorCode::already_exists},
      {"42P06", ErrorCode::already_exists},    {"42P07", ErrorCode::already_exists},
      {"42710", ErrorCode::already_exists},    {"53100", ErrorCode::out_of_space},
      {"53", ErrorCode::unavailable},          {"55006", ErrorCode::conflict},
      {"55P03", ErrorCode::conflict},          {"57014", ErrorCode::cancelled},
      {"57P", ErrorCode::unavailable},         {"XX001", ErrorCode::corrupt},
      {"XX002", ErrorCode::corrupt},           {"0A000", ErrorCode::unsupported},
      {"42601", ErrorCode::invalid_argument},
  };
  for (const auto& row : table) {
    if (sqlstate.substr(0, row.prefix.size()) == row.prefix) return row.code;
  }
  return ErrorCode::failed;
}

}  // namespace pawl::postgres
