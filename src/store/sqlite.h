#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

struct sqlite3;
struct sqlite3_file;
struct sqlite3_stmt;

namespace pawl::store {

// A prepared statement in use: bind, step, read, and at the end of its scope it is reset where its
// connection keeps it, or else gone. Binding errors show in the next step.
class Statement {
 public:
  Statement(sqlite3_stmt* statement, bool is_kept) : statement_(statement), is_kept_(is_kept) {}
  Statement(Statement&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)), is_kept_(other.is_kept_) {}
  ~Statement();

  // Parameters in their order. Texts must live until the end of the statement.
  Statement& bind(int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind(std::optional<int64_t> value);  // null where there is none
  Statement& bind_bytes(std::string_view bytes);

  // True where there is a row to read.
  Result<bool> step();
  // Steps to the end.
  Result<void> run();

  int64_t integer(int column) const;
  std::string text(int column) const;
  std::string_view bytes(int column) const;  // valid until the next step
  bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_;
  bool is_kept_;
  int bound_ = 0;
};

// One connection to the database file, with its prepared statements. Used by one thread at a time.
class Connection {
 public:
  // Read-only, it may read beside a server that writes. Unchanging is for a file that nobody
  // writes: no files are made beside it, and a log beside it is not looked at.
  enum class Mode { read_write, read_only, unchanging };
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Mode mode);
  ~Connection();

  // Several statements without parameters.
  Result<void> execute(const std::string& sql);
  // Prepared once per connection. REQUIRES: no other use of the same statement is open.
  Result<Statement> statement(std::string_view sql);
  // Prepared for this use alone: what is asked only at the start need not stay in memory.
  Result<Statement> passing_statement(std::string_view sql);
  // Error: corrupt, where the write-ahead log is damaged before its end (log_damage.h).
  Result<void> check_log();
  // Writes the write-ahead log once more as it is, and syncs it.
  Result<void> rewrite_log();
  // Error: what the disk has refused since it was asked last, where SQLite has gone on without.
  Result<void> check_disk();
  // Whether another file, or none, has the name of the one that is open.
  Result<bool> has_lost_its_file();

  // Asked now and then how many pages of all are done; false is an end (cancelled).
  using GoesOn = std::function<bool(uint64_t done, uint64_t total)>;
  // Page by page as this connection's open transaction sees them, however long that takes.
  // REQUIRES: a transaction that has read.
  Result<void> copy_into(Connection& empty, const GoesOn& goes_on);

 private:
  explicit Connection(sqlite3* database) : database_(database) {}
  Result<sqlite3_stmt*> prepare(std::string_view sql, unsigned flags);
  Result<sqlite3_file*> log_file();  // null: it is not open

  sqlite3* database_;
  std::unordered_map<std::string, sqlite3_stmt*> statements_;
};

}  // namespace pawl::store
