#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "world/cancellation.h"

struct pg_conn;
struct pg_result;

namespace pawl::postgres {

struct ConnectionOptions {
  std::string host;  // an address, or the directory of the server's socket
  uint16_t port = 5432;
  std::string user = "postgres", password, database = "postgres";
  Duration limit = seconds(30);  // for connecting
};

// What a statement answered: text, row by row.
class Rows {
 public:
  explicit Rows(pg_result* result) : result_(result) {}
  size_t size() const;
  size_t columns() const;
  bool is_null(size_t row, size_t column) const;
  // Empty for null. Lives as long as these rows.
  std::string_view at(size_t row, size_t column) const;
  // Rows that an INSERT, UPDATE or DELETE touched.
  int64_t affected() const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

// How long a statement may run, and who may stop it. Either way the server is told to give up, and
// the connection can be used again.
struct StatementLimits {
  Duration limit{0};  // zero: none
  const world::Cancellation* cancellation = nullptr;
};

// One connection to a server. Not for several threads at once. Errors end with the SQLSTATE in
// parentheses and never contain a password.
class Connection {
 public:
  static Result<Connection> open(const ConnectionOptions& options,
                                 const world::Cancellation* cancellation = nullptr);

  // One statement with parameters ($1 …), or, without parameters, any number of statements, of
  // which the last one's rows are answered.
  Result<Rows> execute(const std::string& sql, const std::vector<std::string>& parameters = {},
                       const StatementLimits& limits = {});

  // Of the last statement that failed; empty where none did or the server could not be reached.
  const std::string& sqlstate() const { return sqlstate_; }
  // "15.18".
  std::string server_version() const;

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  explicit Connection(pg_conn* connection) : connection_(connection) {}
  Result<Rows> collect(const StatementLimits& limits);
  Result<bool> wait_for_answer(const StatementLimits& limits);
  void cancel_statement();
  Error statement_error(const pg_result* result);

  std::unique_ptr<pg_conn, Close> connection_;
  std::string sqlstate_;
};

// The name between double quotes, the text between single quotes, as SQL reads them whatever
// standard_conforming_strings says.
std::string quote_identifier(std::string_view name);
std::string quote_literal(std::string_view text);

// The code that callers act on for a five-letter SQLSTATE.
ErrorCode code_of_sqlstate(std::string_view sqlstate);

}  // namespace pawl::postgres
