#include "store/sqlite_errors.h"

#include <sqlite3.h>

#include <cerrno>
#include <optional>

#include "base/text.h"

namespace pawl::store {
namespace {

// Empty while it is being opened.
std::string path_of(sqlite3* database) {
  const char* path = sqlite3_db_filename(database, "main");
  return path == nullptr ? "" : path;
}

// What SQLite says by itself; failed, where it is the system that has a reason.
ErrorCode code_of(int status) {
  switch (status & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::corrupt;
    case SQLITE_FULL:
      return ErrorCode::out_of_space;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorCode::permission_denied;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::conflict;
    case SQLITE_INTERRUPT:  // of what a thread may read in passing (read_budget.h)
      return ErrorCode::limit_exceeded;
    default:
      return ErrorCode::failed;
  }
}

std::string hint_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::corrupt:
      return "Restore the data directory from a backup.";
    case ErrorCode::out_of_space:
      return "Free space on the disk and start the server again.";
    case ErrorCode::permission_denied:
      return "Check who owns the data directory.";
    default:
      return {};
  }
}

std::string_view verb_of(int status) {
  switch (status) {
    case SQLITE_CORRUPT:
    case SQLITE_IOERR_READ:
    case SQLITE_IOERR_SHORT_READ:
    case SQLITE_IOERR_CORRUPTFS:
      return "read";
    case SQLITE_IOERR_WRITE:
      return "write";
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
      return "sync";
    default:
      return "use";
  }
}

// The system's number for the call of the file that has failed; 0: none has since this was asked
// last. SQLite keeps it until a read ends behind the end of the file.
int take_errno(sqlite3_file* file) {
  if (file == nullptr || file->pMethods == nullptr) return 0;
  int number = 0;
  file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number);
  if (number == 0) return 0;
  sqlite3_int64 end = 0;
  char none = 0;
  if (file->pMethods->xFileSize(file, &end) == SQLITE_OK)
    file->pMethods->xRead(file, &none, 1, end);
  return number;
}

struct FailedFile {
  std::string path;
  int errno_value = 0;  // 0: none has failed, or the system has not said why
};

// What the system says of a disk that cannot be read. SQLite then calls the file system corrupt,
// and a statement the data (SQLITE_IOERR_CORRUPTFS, SQLITE_CORRUPT).
bool is_of_broken_disk(int errno_value) {
  return errno_value == EIO || errno_value == ENXIO || errno_value == ERANGE;
}

constexpr const char* look_at_disk =
    "Look at the disk: `dmesg` says what is wrong with it. What is stored may be whole.";

Error disk_error(std::string_view verb, const FailedFile& failed) {
  const std::string what = concat("cannot ", verb, " ", failed.path);
  Error error = failed.errno_value == 0
                    ? Error(ErrorCode::failed, concat(what, ": ", sqlite3_errstr(SQLITE_IOERR)))
                    : errno_error(what, failed.errno_value);
  std::string hint = hint_of(error.code());
  return std::move(error).with_hint(hint.empty() ? look_at_disk : std::move(hint));
}

FailedFile take_failed_file(sqlite3* database) {
  for (const bool is_log : {false, true}) {
    sqlite3_file* file = nullptr;
    const int which = is_log ? SQLITE_FCNTL_JOURNAL_POINTER : SQLITE_FCNTL_FILE_POINTER;
    if (sqlite3_file_control(database, "main", which, &file) != SQLITE_OK) continue;
    if (const int number = take_errno(file))
      return {concat(path_of(database), is_log ? "-wal" : ""), number};
  }
  return {};
}

std::optional<Error> disk_error(sqlite3* database, int status, const std::string& path) {
  const bool is_told = (status & 0xff) == SQLITE_IOERR;
  if (!is_told && (status & 0xff) != SQLITE_CORRUPT) return std::nullopt;
  FailedFile failed = take_failed_file(database);
  if (!is_told && !is_of_broken_disk(failed.errno_value)) return std::nullopt;
  if (failed.errno_value == 0) failed = {path, sqlite3_system_errno(database)};
  return disk_error(verb_of(status), failed);
}

Error cannot_open(const std::string& what, int errno_value) {
  Error error = errno_error(what, errno_value);
  std::string hint = hint_of(error.code());
  return std::move(error).with_hint(is_of_broken_disk(errno_value) ? look_at_disk
                                                                   : std::move(hint));
}

}  // namespace

Error error_of(sqlite3* database, int status) {
  return error_of(database, status, path_of(database));
}

Error error_of(sqlite3* database, int status, const std::string& path) {
  const std::string what = concat(path, ": ", sqlite3_errmsg(database));
  if (auto failed = disk_error(database, status, path)) return *std::move(failed);
  const int errno_value = sqlite3_system_errno(database);
  if ((status & 0xff) == SQLITE_CANTOPEN && errno_value != 0) return cannot_open(what, errno_value);
  if (status == SQLITE_CORRUPT_INDEX) return Error(ErrorCode::corrupt, what, advice_for_index);
  return Error(code_of(status), what, hint_of(code_of(status)));
}

Error file_error(sqlite3* database, int status) {
  const std::string path = path_of(database);
  if (auto failed = disk_error(database, status, path)) return *std::move(failed);
  const ErrorCode code = code_of(status);
  return Error(code, concat(path, ": ", sqlite3_errstr(status)), hint_of(code));
}

Result<void> check_disk(sqlite3* database) {
  const FailedFile failed = take_failed_file(database);
  if (failed.errno_value == 0) return {};
  return disk_error("read", failed);
}

}  // namespace pawl::store
