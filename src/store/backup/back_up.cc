#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "base/text.h"
#include "store/backup/backup.h"
#include "store/backup/seal.h"
#include "store/sqlite.h"
#include "world/file_lock.h"
#include "world/files.h"

namespace pawl::store {
namespace {

Error is_there(const std::string& file) {
  return Error(ErrorCode::already_exists, concat(file, " exists already"),
               "Give another name; a backup never takes the place of a file.");
}

// The file while it is being written, under a name of its own. It goes with its writer, unless that
// is killed: then the next backup of the same name takes it over.
class PartialFile {
 public:
  static Result<PartialFile> create(const std::string& file) {
    const std::string path = file + ".part";
    auto lock = world::FileLock::take(path);
    if (!lock.has_value() && lock.error().code() == ErrorCode::conflict) return is_busy(path);
    PartialFile part(path, TRY(std::move(lock)));
    if (::fchmod(part.number(), 0600) != 0 || ::ftruncate(part.number(), 0) != 0) {
      return errno_error(concat("cannot write ", path), errno);
    }
    // Whoever had it a moment ago may have given it its own name meanwhile.
    struct stat held {
    }, named{};
    const bool is_named = ::fstat(part.number(), &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
                          held.st_ino == named.st_ino;
    if (!is_named) return is_busy(path);
    return part;
  }
  PartialFile(PartialFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
  ~PartialFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  const std::string& path() const { return path_; }

  Result<void> sync() const {
    if (::fsync(number()) == 0) return {};
    return errno_error(concat("cannot sync ", path_), errno);
  }
  // Never over a file that is there.
  Result<void> rename_to(const std::string& file) {
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) != 0) {
      if (errno == EEXIST) return is_there(file);
      if (errno != EINVAL || world::exists(file) || ::rename(path_.c_str(), file.c_str()) != 0) {
        return errno_error(concat("cannot write ", file), errno);
      }
    }
    path_.clear();
    return world::sync_directory(world::parent_directory(file));
  }

 private:
  PartialFile(std::string path, world::FileLock lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  static Error is_busy(const std::string& path) {
    return Error(ErrorCode::conflict, concat("another backup is being written to ", path),
                 "Wait for it, or give another name.");
  }
  int number() const { return lock_.file().number(); }

  std::string path_;  // empty: it has its own name
  world::FileLock lock_;
};

Result<void> copy(const std::string& data_path, const std::string& into, const Progress& progress) {
  const auto source = TRY(Connection::open(data_path, Connection::Mode::read_only));
  TRY(source->execute("BEGIN; SELECT count(*) FROM sqlite_schema"));
  // SQLite would leave out what stands behind the damage, and the copy of the rest would be sound.
  if (Result<void> checked = source->check_log(); !checked.has_value())
    return std::move(checked).error().within(data_path);
  const auto copied = TRY(Connection::open(into, Connection::Mode::read_write));
  // It is synced as a whole afterwards, and a half of it is of no use.
  TRY(copied->execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"));
  return source->copy_into(*copied, [&](uint64_t done, uint64_t total) {
    return !progress ||
           progress({.what = "copying the store", .done = done, .total = total, .unit = "pages"});
  });
}

Error damaged(const CheckReport& check) {
  const Finding& first = check.findings.front();
  return Error(ErrorCode::corrupt,
               concat("the copy does not pass its check, and so the store may be damaged: ",
                      first.place, " ", first.what),
               "`pawl store check` tells all that is wrong with the store.");
}

}  // namespace

Result<BackupReport> back_up(const std::string& data_path, const std::string& file,
                             const Progress& progress) {
  if (world::exists(file)) return is_there(file);
  if (!world::exists(data_path)) {
    return Error(ErrorCode::not_found, concat("there is no store: ", data_path, " does not exist"),
                 "--data or --config names the data directory.");
  }
  if (const std::string folder = world::parent_directory(file); !world::is_directory(folder)) {
    return Error(ErrorCode::not_found,
                 concat("cannot write ", file, ": there is no directory ", folder),
                 "Make it, or give another place.");
  }
  PartialFile part = TRY(PartialFile::create(file));
  const Result<void> copied = copy(data_path, part.path(), progress);
  if (!copied.has_value()) {
    const bool is_full = copied.error().code() == ErrorCode::out_of_space;
    return is_full ? Error(copied.error()).with_hint("Free space there, or give another place.")
                   : copied.error();
  }
  BackupReport report;
  report.check = TRY(check_quiet_file(part.path(), progress));
  if (!report.check.is_sound()) return damaged(report.check);
  report.hash = TRY(add_seal(part.path(), progress)).hash;
  TRY(part.sync());
  TRY(part.rename_to(file));
  return report;
}

}  // namespace pawl::store
