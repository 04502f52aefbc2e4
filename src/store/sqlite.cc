#include "store/sqlite.h"

#include <sqlite3.h>

#include <algorithm>

#include "base/text.h"
#include "store/log_damage.h"
#include "store/read_budget.h"
#include "store/row_checksums.h"
#include "store/sqlite_errors.h"

namespace pawl::store {
namespace {

// As a URI, in which a few characters have a meaning.
std::string unchanging_name(const std::string& path) {
  std::string escaped = replace_all(path, "%", "%25");
  escaped = replace_all(replace_all(escaped, "?", "%3f"), "#", "%23");
  return concat("file:", escaped, "?immutable=1");
}

// A search through many rows takes as long as a reading of many bytes: of either, some 30 ns.
void charge_for_searching(sqlite3* database) {
  constexpr int instructions = 4096;
  const auto take = [](void*) { return ReadBudget::take(instructions).has_value() ? 0 : 1; };
  sqlite3_progress_handler(database, instructions, take, nullptr);
}

}  // namespace

Statement::~Statement() {
  if (statement_ == nullptr) return;
  if (!is_kept_) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Statement& Statement::bind(int64_t value) {
  sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  // An empty view may have no address, and SQLite takes that for NULL.
  const char* bytes = text.empty() ? "" : text.data();
  sqlite3_bind_text64(statement_, ++bound_, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_bytes(std::string_view bytes) {
  sqlite3_bind_blob64(statement_, ++bound_, bytes.empty() ? "" : bytes.data(), bytes.size(),
                      SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind(std::optional<int64_t> value) {
  if (value) return bind(*value);
  sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

Result<bool> Statement::step() {
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  return error_of(sqlite3_db_handle(statement_), status);
}

Result<void> Statement::run() {
  while (TRY(step())) {
  }
  return {};
}

int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Statement::text(int column) const { return std::string(bytes(column)); }

std::string_view Statement::bytes(int column) const {
  const void* start = sqlite3_column_blob(statement_, column);
  if (start == nullptr) return {};
  return {static_cast<const char*>(start),
          static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Mode mode) {
  // Each connection would begin with memory for 20 pages, and most read two or three.
  [[maybe_unused]] static const int one_page_at_a_time =
      sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0, 0);
  sqlite3* database = nullptr;
  const int access =
      mode == Mode::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const bool is_unchanging = mode == Mode::unchanging;
  const std::string name = is_unchanging ? unchanging_name(path) : path;
  int status = sqlite3_open_v2(name.c_str(), &database,
                               access | SQLITE_OPEN_NOMUTEX | (is_unchanging ? SQLITE_OPEN_URI : 0),
                               nullptr);
  if (status == SQLITE_OK) status = add_checksum_functions(database);
  std::unique_ptr<Connection> connection(new Connection(database));
  if (status != SQLITE_OK) return error_of(database, sqlite3_extended_errcode(database), path);
  sqlite3_extended_result_codes(database, 1);
  // Readers meet a writer's checkpoint for moments only; the data lock keeps other owners out.
  sqlite3_busy_timeout(database, 5000);
  if (mode == Mode::read_only) charge_for_searching(database);
  return connection;
}

Connection::~Connection() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

Result<void> Connection::execute(const std::string& sql) {
  const int status = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return error_of(database_, status);
  return {};
}

Result<void> Connection::copy_into(Connection& empty, const GoesOn& goes_on) {
  constexpr int pages_at_once = 1024;
  sqlite3_backup* copying = sqlite3_backup_init(empty.database_, "main", database_, "main");
  if (copying == nullptr) return error_of(empty.database_, sqlite3_errcode(empty.database_));
  int status = SQLITE_OK;
  bool is_wanted = true;
  while (is_wanted && status == SQLITE_OK) {
    status = sqlite3_backup_step(copying, pages_at_once);
    const int total = sqlite3_backup_pagecount(copying);
    is_wanted = goes_on(static_cast<uint64_t>(total - sqlite3_backup_remaining(copying)),
                        static_cast<uint64_t>(total));
  }
  // Either side may have failed; the copy's connection knows it, and a file of ours does.
  const int finished = sqlite3_backup_finish(copying);
  if (finished != SQLITE_OK) TRY(check_disk());
  if (finished != SQLITE_OK) return error_of(empty.database_, finished);
  if (status != SQLITE_DONE) return Error(ErrorCode::cancelled, "interrupted");
  return {};
}

Result<sqlite3_stmt*> Connection::prepare(std::string_view sql, unsigned flags) {
  sqlite3_stmt* prepared = nullptr;
  const int status = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), flags,
                                        &prepared, nullptr);
  if (status != SQLITE_OK) return error_of(database_, status);
  return prepared;
}

Result<Statement> Connection::statement(std::string_view sql) {
  sqlite3_stmt*& prepared = statements_[std::string(sql)];
  if (prepared == nullptr) prepared = TRY(prepare(sql, SQLITE_PREPARE_PERSISTENT));
  return Statement(prepared, true);
}

Result<Statement> Connection::passing_statement(std::string_view sql) {
  return Statement(TRY(prepare(sql, 0)), false);
}

Result<sqlite3_file*> Connection::log_file() {
  sqlite3_file* log = nullptr;
  const int status = sqlite3_file_control(database_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (status != SQLITE_OK) return error_of(database_, status);
  return log != nullptr && log->pMethods != nullptr ? log : nullptr;
}

Result<void> Connection::check_log() {
  sqlite3_file* log = TRY(log_file());
  if (log == nullptr) return {};  // not open: nothing is in it
  const auto read = [&](uint64_t offset, size_t size) -> Result<std::string> {
    sqlite3_int64 end = 0;
    int status = log->pMethods->xFileSize(log, &end);
    const auto all = static_cast<uint64_t>(end);
    std::string bytes(std::min<uint64_t>(size, all - std::min(offset, all)), '\0');
    if (status == SQLITE_OK && !bytes.empty())
      status = log->pMethods->xRead(log, bytes.data(), static_cast<int>(bytes.size()),
                                    static_cast<sqlite3_int64>(offset));
    if (status != SQLITE_OK) return file_error(database_, status);
    return bytes;
  };
  const auto damage = TRY(damage_in_log(read));
  // A server that writes meanwhile leaves nothing behind that is there a second time.
  if (!damage || TRY(damage_in_log(read)) != damage) return {};
  // The last one to close it would take it into the file as far as it is whole, and remove it.
  sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return Error(ErrorCode::corrupt,
               concat("the write-ahead log is damaged at byte ", *damage,
                      ", and commits that were acknowledged stand behind it"),
               "Restore the data directory from a backup; its file alone is older than the log.");
}

Result<void> Connection::rewrite_log() {
  sqlite3_file* log = TRY(log_file());
  if (log == nullptr) return {};  // not open: nothing is in it
  sqlite3_int64 size = 0;
  int status = log->pMethods->xFileSize(log, &size);
  constexpr sqlite3_int64 piece_bytes_max = 64 << 10;  // SQLite writes no more at once
  std::string piece;
  for (sqlite3_int64 offset = 0; status == SQLITE_OK && offset < size;) {
    piece.resize(static_cast<size_t>(std::min<sqlite3_int64>(size - offset, piece_bytes_max)));
    const int bytes = static_cast<int>(piece.size());
    status = log->pMethods->xRead(log, piece.data(), bytes, offset);
    if (status == SQLITE_OK) status = log->pMethods->xWrite(log, piece.data(), bytes, offset);
    offset += bytes;
  }
  if (status == SQLITE_OK) status = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (status == SQLITE_OK) return {};
  return file_error(database_, status);
}

Result<void> Connection::check_disk() { return store::check_disk(database_); }

Result<bool> Connection::has_lost_its_file() {
  int has_moved = 0;
  const int status = sqlite3_file_control(database_, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
  if (status == SQLITE_NOTFOUND) return false;  // files that have no names to lose
  if (status != SQLITE_OK) return error_of(database_, status);
  return has_moved != 0;
}

}  // namespace pawl::store
