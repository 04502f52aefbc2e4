#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"
#include "store/backup/backup.h"
#include "store/backup/seal.h"
#include "store/data_lock.h"
#include "world/files.h"

namespace pawl::store {
namespace {

// Until it is whole the copy is no more than a file that nobody looks at. Its next name is the
// decision: from then on, the next who owns the place carries the restore to its end.
std::string unfinished(const std::string& data_path) { return data_path + ".restoring"; }
std::string decided(const std::string& data_path) { return data_path + ".restored"; }

Result<void> rename_durably(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return errno_error(concat("cannot rename ", from, " to ", to), errno);
  }
  return world::sync_directory(world::parent_directory(to));
}

// "pawl.db.replaced-2026-11-21T021804.123456Z": of the moment at which the copy was written, so
// that it is the same one when a restore is carried to its end later.
Result<std::string> name_for_what_was_there(const std::string& data_path) {
  struct stat status {};
  if (::stat(decided(data_path).c_str(), &status) != 0) {
    return errno_error(concat("cannot examine ", decided(data_path)), errno);
  }
  const Instant written(seconds(status.st_mtim.tv_sec) + Duration(status.st_mtim.tv_nsec / 1000));
  return concat(data_path, ".replaced-", replace_all(format_instant(written), ":", ""));
}

Result<void> copy_sealed(const std::string& file, const std::string& into,
                         const Progress& progress) {
  const Seal seal = TRY(read_seal(file));
  const auto copy = TRY(world::open_file(into, O_WRONLY | O_CREAT | O_TRUNC, "cannot write", 0600));
  Sha256 hash;
  TRY(read_pieces(file, {.doing = "copying the backup", .count = seal.bytes}, progress,
                  [&](std::string_view piece) {
                    hash.update(piece);
                    return world::write_all(copy, piece, into);
                  }));
  if (hash.finish() != seal.hash) {
    return Error(ErrorCode::corrupt, concat(file, " has changed while it was read"));
  }
  if (::fchmod(copy.number(), 0600) == 0 && ::fsync(copy.number()) == 0) return {};
  return errno_error(concat("cannot sync ", into), errno);
}

bool holds_a_store(const std::string& data_path) {
  return world::exists(data_path) || world::exists(data_path + "-wal");
}

Result<CheckReport> checked(const std::string& file, const Progress& progress) {
  CheckReport check = TRY(check_backup(file, progress));
  if (check.is_sound()) return check;
  const Finding& first = check.findings.front();
  return Error(
      ErrorCode::corrupt, concat(file, " is damaged: ", first.place, " ", first.what),
      "Use another backup; `pawl store check FILE` tells all that is wrong with this one.");
}

}  // namespace

Result<std::string> finish_restore(const std::string& data_path) {
  if (!world::exists(decided(data_path))) return std::string();
  std::string kept;
  // The log first: without it the file would be an older store, and beside a new file it would be
  // read as that one's.
  for (const char* suffix : {"-wal", ""}) {
    if (!world::exists(data_path + suffix)) continue;
    kept = TRY(name_for_what_was_there(data_path));
    TRY(rename_durably(data_path + suffix, kept + suffix));
  }
  TRY(world::remove_file(data_path + "-shm"));
  TRY(rename_durably(decided(data_path), data_path));
  return kept;
}

Result<RestoreReport> restore_backup(const Restoring& restoring, const Progress& progress) {
  const std::string& data_path = restoring.data_path;
  RestoreReport report;
  report.check = TRY(checked(restoring.file, progress));
  TRY(world::make_directories(world::parent_directory(data_path), 0700));
  const world::FileLock lock = TRY(take_data_lock(data_path));
  TRY(finish_restore(data_path));
  if (holds_a_store(data_path) && !restoring.is_replacing) {
    return Error(ErrorCode::already_exists, concat("there is a store already: ", data_path),
                 "--replace keeps it beside under another name; --into restores elsewhere.");
  }
  const Result<void> copied = copy_sealed(restoring.file, unfinished(data_path), progress);
  if (!copied.has_value()) {
    ::unlink(unfinished(data_path).c_str());
    return copied.error();
  }
  TRY(rename_durably(unfinished(data_path), decided(data_path)));
  report.kept = TRY(finish_restore(data_path));
  return report;
}

}  // namespace pawl::store
