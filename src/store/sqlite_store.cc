#include "store/sqlite_store.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/log.h"
#include "base/text.h"
#include "store/backup/backup.h"
#include "store/data_lock.h"
#include "store/execution_rows.h"
#include "store/page_token.h"
#include "store/read_budget.h"
#include "store/schema.h"
#include "store/sqlite_catalogue.h"
#include "store/sqlite_errors.h"
#include "store/sqlite_readers.h"
#include "store/sqlite_writer.h"
#include "store/texts.h"
#include "world/files.h"

namespace pawl::store {
namespace {

// With the parts that are kept apart put back.
Result<std::string> whole_record(Connection& connection, const JournalEntry& entry) {
  std::string record;
  size_t copied = 0;
  for (const LargePart& part : entry.large_parts) {
    record += entry.record.substr(copied, part.offset - copied);
    record += TRY(read_text(connection, part.text_id));
    copied = part.offset;
  }
  record += entry.record.substr(copied);
  return record;
}

class SqliteStore : public Store {
 public:
  SqliteStore(world::FileLock lock, std::string path, std::unique_ptr<Connection> connection,
              CheckpointLimits limits)
      : lock_(std::move(lock)),
        writer_(std::move(connection), heads_, limits),
        readers_(std::move(path)) {}

  Result<void> recover() { return writer_.recover(); }

  Result<void> commit(const std::vector<Write>& writes) override { return writer_.commit(writes); }
  void begin_reading() override { readers_.begin_reading(); }
  void end_reading() override { readers_.end_reading(); }
  Result<std::optional<Execution>> execution(const std::string& arn) override;
  Result<std::optional<Execution>> execution_of_id(int64_t id) override;
  Result<ExecutionPage> executions(const ExecutionQuery& query) override;
  Result<OpenExecutions> open_executions(int64_t after_id, size_t count_max) override;
  Result<std::vector<std::string>> records(int64_t execution_id) override;
  Result<int64_t> last_execution_id() override;
  Result<std::vector<Document>> documents(const std::string& kind) override;
  Result<std::vector<JobChanges>> job_changes(int64_t after, size_t count_max) override;
  Result<std::string> secret() override;

  Result<std::optional<Machine>> machine(const std::string& arn) override {
    return catalogue_.machine(arn);
  }
  Result<Page<Machine>> machines(const PageRequest& page) override {
    return catalogue_.machines(page);
  }
  Result<std::optional<Version>> version(const std::string& arn, int64_t number) override {
    return catalogue_.version(arn, number);
  }
  Result<Page<Version>> versions(const std::string& arn, const PageRequest& page) override {
    return catalogue_.versions(arn, page);
  }
  Result<std::optional<Alias>> alias(const std::string& arn) override {
    return catalogue_.alias(arn);
  }
  Result<std::vector<Alias>> aliases(const std::string& arn) override {
    return catalogue_.aliases(arn);
  }
  Result<std::optional<Activity>> activity(const std::string& arn) override {
    return catalogue_.activity(arn);
  }
  Result<Page<Activity>> activities(const PageRequest& page) override {
    return catalogue_.activities(page);
  }
  Result<std::vector<Tag>> tags(const std::string& arn) override { return catalogue_.tags(arn); }

 private:
  world::FileLock lock_;  // the last to go
  JournalHeads heads_;
  // Closed after the readers: SQLite empties the write-ahead log into the file when its last
  // connection closes, and one that only reads cannot.
  SqliteWriter writer_;
  SqliteReaders readers_;
  SqliteCatalogue catalogue_{readers_};
};

Result<std::optional<Execution>> SqliteStore::execution(const std::string& arn) {
  const auto reader = TRY(readers_.borrow());
  static const std::string select = concat(select_whole(), " WHERE arn = ?");
  Statement row = TRY(reader->statement(select));
  row.bind(arn);
  if (!TRY(row.step())) return std::optional<Execution>();
  return std::optional<Execution>(TRY(read_whole(*reader, row)));
}

Result<std::optional<Execution>> SqliteStore::execution_of_id(int64_t id) {
  const auto reader = TRY(readers_.borrow());
  static const std::string select = concat(select_whole(), " WHERE executions.id = ?");
  Statement row = TRY(reader->statement(select));
  row.bind(id);
  if (!TRY(row.step())) return std::optional<Execution>();
  return std::optional<Execution>(TRY(read_whole(*reader, row)));
}

// What is damaged keeps nobody from the others.
template <typename Executions>
Result<void> keep(const Statement& row, Result<Execution> read, Executions& into) {
  if (read.has_value()) {
    into.executions.push_back(*std::move(read));
    return {};
  }
  if (read.error().code() != ErrorCode::corrupt) return std::move(read).error();
  into.damaged.push_back({row.integer(0), row.text(1), std::move(read).error()});
  return {};
}

Result<ExecutionPage> SqliteStore::executions(const ExecutionQuery& query) {
  const int64_t started_from =
      query.started_from ? query.started_from->time_since_epoch().count() : INT64_MIN;
  const std::string list =
      concat("executions\n", query.machine_arn, "\n", query.status.value_or(""), "\n", started_from,
             "\n", query.version, "\n", query.alias);
  int64_t before = INT64_MAX;
  if (!query.page.token.empty()) {
    before = parse_integer(TRY(read_page_token(list, query.page.token))).value_or(0);
  }
  std::string sql = concat(select_listed(), " WHERE executions.id < ? AND started >= ?");
  if (!query.machine_arn.empty()) sql += " AND machine_arn = ?";
  // What the indexes of versions and aliases say of themselves must be said here.
  if (query.version > 0) sql += " AND version = ? AND version > 0";
  if (!query.alias.empty()) sql += " AND alias = ? AND alias <> ''";
  // Written out, because only then SQLite may use the index of running executions.
  if (query.status == "RUNNING")
    sql += " AND status = 'RUNNING'";
  else if (query.status)
    sql += " AND status = ?";
  sql += " ORDER BY executions.id DESC LIMIT ?";

  const auto reader = TRY(readers_.borrow());
  Statement row = TRY(reader->statement(sql));
  row.bind(before).bind(started_from);
  if (!query.machine_arn.empty()) row.bind(query.machine_arn);
  if (query.version > 0) row.bind(query.version);
  if (!query.alias.empty()) row.bind(query.alias);
  if (query.status && *query.status != "RUNNING") row.bind(*query.status);
  row.bind(static_cast<int64_t>(query.page.size_max) + 1);
  ExecutionPage answer;
  size_t count = 0;
  int64_t last = 0;
  while (TRY(row.step())) {
    if (count++ == query.page.size_max) {
      answer.next_token = make_page_token(list, concat(last));
      break;
    }
    last = row.integer(0);
    TRY(keep(row, read_listed(row), answer));
  }
  return answer;
}

Error damaged_index_of_running(int64_t id) {
  return Error(ErrorCode::corrupt,
               concat("the index of running executions is damaged: it leads to execution ", id,
                      " in place of another"),
               advice_for_index);
}

Result<OpenExecutions> SqliteStore::open_executions(int64_t after_id, size_t count_max) {
  const auto reader = TRY(readers_.borrow());
  const std::string select =
      concat(select_whole(),
             " WHERE status = 'RUNNING' AND executions.id > ? ORDER BY executions.id LIMIT ?");
  Statement row = TRY(reader->passing_statement(select));
  row.bind(after_id).bind(static_cast<int64_t>(count_max));
  OpenExecutions open;
  int64_t last = after_id;
  while (TRY(row.step())) {
    const int64_t id = row.integer(0);
    auto read = read_whole(*reader, row);
    // The index of what runs leads there: one that leads astray has forgotten another.
    if (id <= last || (read.has_value() && read->status != "RUNNING"))
      return damaged_index_of_running(id);
    TRY(keep(row, std::move(read), open));
    open.last_id = last = id;
  }
  return open;
}

Result<std::vector<std::string>> SqliteStore::records(int64_t execution_id) {
  const auto reader = TRY(readers_.borrow());
  int64_t position = 0;
  if (const auto head = heads_.find(execution_id)) {
    position = *head;
  } else {
    position = TRY(read_head(*reader, execution_id)).value_or(0);
  }
  // An execution begins with its first record, in the very commit that opens it.
  if (position == 0) return damaged_execution(execution_id, "its history is missing");
  std::vector<std::string> newest_first;
  while (position != 0) {
    Statement row = TRY(reader->statement("SELECT bytes FROM journal WHERE position = ?"));
    row.bind(position);
    const bool is_there = TRY(row.step());
    const std::string_view bytes = is_there ? row.bytes(0) : "";
    TRY(ReadBudget::take(bytes.size()));
    const auto entries = TRY(read_journal_row(position, bytes, execution_id));
    int64_t previous = position;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      newest_first.push_back(TRY(whole_record(*reader, *entry)));
      previous = entry->previous;
    }
    if (previous >= position) {
      return Error(ErrorCode::corrupt, concat("the journal's row ", position,
                                              " has no record of execution ", execution_id));
    }
    position = previous;
  }
  std::reverse(newest_first.begin(), newest_first.end());
  return newest_first;
}

Result<std::vector<Document>> SqliteStore::documents(const std::string& kind) {
  const auto reader = TRY(readers_.borrow());
  return read_documents(*reader, kind);
}

Result<std::vector<JobChanges>> SqliteStore::job_changes(int64_t after, size_t count_max) {
  const auto reader = TRY(readers_.borrow());
  return read_job_changes(*reader, after, count_max);
}

Result<std::string> SqliteStore::secret() {
  const auto reader = TRY(readers_.borrow());
  Statement row = TRY(
      reader->passing_statement("SELECT value FROM facts WHERE name LIKE 'secret%' ORDER BY name"));
  std::string secret;
  while (TRY(row.step())) secret += concat(row.integer(0), " ");
  return secret;
}

Result<int64_t> SqliteStore::last_execution_id() {
  const auto reader = TRY(readers_.borrow());
  Statement row = TRY(reader->passing_statement("SELECT max(id) FROM executions"));
  TRY(row.step());
  return row.integer(0);
}

// SQLite would take it for a new file and throw the log away, with all that was acknowledged there.
Result<void> refuse_log_without_file(const std::string& path) {
  const std::string log = path + "-wal";
  const auto bytes = [](const std::string& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return error ? 0 : size;
  };
  if (bytes(path) > 0 || bytes(log) == 0) return {};
  return Error(ErrorCode::corrupt,
               concat(path, world::exists(path) ? " is empty" : " is missing", ", and ", log,
                      " beside it holds ", bytes(log), " bytes of what was committed"),
               concat("Put back the copy of ", path, ", or move ", log, " away to begin anew."));
}

// Inputs and outputs of every execution are in it: nobody else may look. SQLite gives the files
// beside it the same mode, and earlier versions gave all of them to everyone.
Result<void> make_private(const std::string& path) {
  TRY(world::open_file(path, O_RDWR | O_CREAT, "cannot open", 0600));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const std::string file = path + suffix;
    if (::chmod(file.c_str(), 0600) != 0 && errno != ENOENT) {
      return errno_error(concat("cannot change the mode of ", file), errno);
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, CheckpointLimits limits) {
  const std::string folder = world::parent_directory(path);
  TRY(world::make_directories(folder, 0700));
  world::FileLock lock = TRY(take_data_lock(path));
  const std::string replaced = TRY(finish_restore(path));
  if (!replaced.empty()) {
    log(LogLevel::info, "a restore that was interrupted has been finished", {{"kept", replaced}});
  }
  TRY(refuse_log_without_file(path));
  TRY(make_private(path));

  auto connection = TRY(Connection::open(path, Connection::Mode::read_write));
  // A log that has grown while someone read for long, as a backup does, is cut again.
  TRY(connection->execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864"));
  if (Result<void> checked = connection->check_log(); !checked.has_value())
    return std::move(checked).error().within(path);
  Result<int64_t> format_before = prepare_schema(*connection);
  if (!format_before.has_value()) return std::move(format_before).error().within(path);
  if (*format_before != 0 && *format_before != format_version) {
    log(LogLevel::info, "the data file has a newer format; earlier versions of pawl refuse it",
        {{"format", concat(format_version)}, {"before", concat(*format_before)}});
  }
  // A process before may have died without a sync, or of one that failed. What it wrote last is
  // then in memory and looks committed, and may never reach the disk: a later sync takes it for
  // done. Written again, it will.
  TRY(connection->rewrite_log());
  // A file is there after a power failure only when its folder is synced.
  TRY(world::sync_directory(folder));

  auto store = std::make_unique<SqliteStore>(std::move(lock), path, std::move(connection), limits);
  Result<void> recovered = store->recover();
  if (!recovered.has_value()) return std::move(recovered).error().within(path);
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace pawl::store
