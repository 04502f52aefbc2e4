#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/hash.h"
#include "base/text.h"
#include "postgres/base_backup.h"
#include "postgres/data_directory.h"
#include "world/files.h"
#include "world/moment.h"

namespace pawl::postgres {
namespace {

// Keeps the WAL from its making on; the server removes it with the connection.
constexpr std::string_view slot_sql =
    "SELECT pg_create_physical_replication_slot('pawl_' || pg_backend_pid(), true, true)";

uint64_t bytes_of(const std::vector<FileToCopy>& files) {
  uint64_t bytes = 0;
  for (const FileToCopy& file : files) bytes += file.size;
  return bytes;
}

class LowLevelBackup {
 public:
  LowLevelBackup(const std::string& source, const BackupOptions& options,
                 const CopyProgress& progress, const world::Cancellation& cancellation)
      : source_(source), options_(options), progress_(progress), cancellation_(cancellation) {}

  Result<Backup> run() {
    Connection connection = TRY(Connection::open(options_.server, &cancellation_));
    backup_.engine_version = connection.server_version();
    if (!options_.account.empty()) owner_ = TRY(world::resolve_account(options_.account));
    TRY(check_server(connection));
    TRY(begin(connection));
    TRY(copy_data());
    world::moment("backup_copied");
    TRY(end(connection));
    TRY(copy_wal());
    TRY(write_own_file("backup_manifest", write_manifest(backup_.manifest)));
    return std::move(backup_);
  }

 private:
  // The directory must be that of the server that is asked to hold still.
  Result<void> check_server(Connection& connection) {
    const Rows rows =
        TRY(connection.execute("SELECT pg_is_in_recovery(), current_setting('data_directory'), "
                               "(SELECT system_identifier FROM pg_control_system())"));
    if (rows.at(0, 0) == "t") {
      return Error(ErrorCode::unsupported, "the server is a standby; its files are not copied",
                   "Leave data_directory out, so that the backup is streamed.");
    }
    char named[PATH_MAX], told[PATH_MAX];
    const bool is_same = ::realpath(source_.c_str(), named) != nullptr &&
                         ::realpath(std::string(rows.at(0, 1)).c_str(), told) != nullptr &&
                         std::string_view(named) == told;
    if (is_same) return {};
    return Error(ErrorCode::invalid_argument,
                 concat("the server works in ", rows.at(0, 1), ", not in ", source_));
  }

  Result<void> begin(Connection& connection) {
    // Where no slot is free, the WAL may still be there at the end, and that is checked.
    static_cast<void>(connection.execute(std::string(slot_sql)));
    const StatementLimits limits{hours(1), &cancellation_};
    const Rows rows =
        TRY(connection.execute("SELECT pg_backup_start($1, true), "
                               "(SELECT timeline_id FROM pg_control_checkpoint()), "
                               "(SELECT setting FROM pg_settings WHERE name = 'wal_segment_size')",
                               {"pawl"}, limits));
    backup_.start = TRY(parse_lsn(rows.at(0, 0)));
    backup_.timeline = static_cast<uint32_t>(parse_integer(rows.at(0, 1)).value_or(1));
    segment_bytes_ = static_cast<uint64_t>(parse_integer(rows.at(0, 2)).value_or(16 << 20));
    return {};
  }

  Result<void> copy_data() {
    Listing listing = TRY(list_for_backup(source_));
    TRY(make_tree(options_.target, listing.directories, owner_));
    FileCopyOptions copying;
    copying.source = source_;
    copying.target = options_.target;
    copying.threads = options_.threads;
    copying.owner = owner_;
    copying.space = TRY(options_.space(bytes_of(listing.files)));
    copying.is_live = true;
    TRY(copy_files(listing.files, copying, progress_, cancellation_));
    add_to_manifest(listing.files);
    // Last, so that it is not older than any file that it speaks of.
    std::vector<FileToCopy> control(1);
    control[0].path = "global/pg_control";
    control[0].size = 8192;
    TRY(copy_files(control, copying, {}, cancellation_));
    add_to_manifest(control);
    return {};
  }

  void add_to_manifest(const std::vector<FileToCopy>& files) {
    for (const FileToCopy& file : files) {
      if (file.is_vanished) continue;
      backup_.manifest.files.push_back(
          {file.path, file.size, file.modified, "CRC32C", manifest_crc32c(file.crc)});
    }
  }

  Result<void> end(Connection& connection) {
    const StatementLimits limits{minutes(10), &cancellation_};
    const Rows rows = TRY(connection.execute(
        "SELECT lsn, labelfile, spcmapfile FROM pg_backup_stop(wait_for_archive => false)", {},
        limits));
    backup_.stop = TRY(parse_lsn(rows.at(0, 0)));
    TRY(add_own_file("backup_label", rows.at(0, 1)));
    if (!trim(rows.at(0, 2)).empty()) TRY(add_own_file("tablespace_map", rows.at(0, 2)));
    backup_.manifest.wal = {{backup_.timeline, backup_.start, backup_.stop}};
    return {};
  }

  Result<void> add_own_file(const std::string& name, std::string_view content) {
    TRY(write_own_file(name, content));
    backup_.manifest.files.push_back(
        {name, content.size(),
         std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()), "CRC32C",
         manifest_crc32c(crc32c(content))});
    return {};
  }

  Result<void> write_own_file(const std::string& name, std::string_view content) {
    const std::string path = concat(options_.target, "/", name);
    const auto file = TRY(world::open_file(path, O_WRONLY | O_CREAT | O_TRUNC, "cannot write"));
    TRY(world::write_all(file, content, path));
    if (!owner_ || ::fchown(file.number(), owner_->user, owner_->group) == 0) return {};
    return errno_error(concat("cannot change the owner of ", path), errno);
  }

  // From the segment of the start to that of the last byte before the stop; pg_backup_stop has
  // switched to a new one, so they are full and never written again.
  Result<void> copy_wal() {
    std::vector<FileToCopy> files;
    const Lsn last = (backup_.stop - 1) / segment_bytes_;
    for (Lsn number = backup_.start / segment_bytes_; number <= last; ++number) {
      FileToCopy file;
      file.path = segment_name(backup_.timeline, number * segment_bytes_, segment_bytes_);
      file.size = segment_bytes_;
      if (!world::exists(concat(source_, "/pg_wal/", file.path))) {
        return Error(ErrorCode::failed,
                     concat("the server removed WAL segment ", file.path,
                            " while the backup ran, for it had no free replication slot"),
                     "Raise max_replication_slots or wal_keep_size of the source.");
      }
      files.push_back(std::move(file));
    }
    for (const std::string& name : TRY(world::list_directory(source_ + "/pg_wal"))) {
      if (!name.ends_with(".history")) continue;
      const std::string content = TRY(world::read_file(concat(source_, "/pg_wal/", name)));
      FileToCopy file;
      file.path = name;
      file.size = content.size();
      files.push_back(std::move(file));
    }
    FileCopyOptions copying;
    copying.source = source_ + "/pg_wal";
    copying.target = options_.target + "/pg_wal";
    copying.threads = options_.threads;
    copying.owner = owner_;
    TRY(copy_files(files, copying, {}, cancellation_));
    return {};
  }

  const std::string& source_;
  const BackupOptions& options_;
  const CopyProgress& progress_;
  const world::Cancellation& cancellation_;
  std::optional<world::Account> owner_;
  uint64_t segment_bytes_ = 16 << 20;
  Backup backup_;
};

}  // namespace

// When it fails midway, the connection closes, which ends the backup at the server.
Result<Backup> copy_running_server(const std::string& data_directory, const BackupOptions& options,
                                   const CopyProgress& progress,
                                   const world::Cancellation& cancellation) {
  return LowLevelBackup(data_directory, options, progress, cancellation).run();
}

}  // namespace pawl::postgres
