#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/text.h"
#include "postgres/base_backup.h"
#include "world/files.h"

namespace pawl::postgres {
namespace {

// Reports how the target grows while pg_basebackup runs, and stops it where it passes the space.
class Growth {
 public:
  struct Sizes {
    uint64_t expected = 0;
    std::optional<uint64_t> space;  // that may be written
  };
  Growth(const std::string& target, Sizes sizes, const CopyProgress& progress,
         const world::Cancellation& outer)
      : target_(target), sizes_(sizes), progress_(progress), outer_(outer) {
    thread_ = std::thread([this] { watch(); });
  }
  ~Growth() { end(); }

  const world::Cancellation& stop_backup() const { return stop_backup_; }
  bool has_passed_space() const { return has_passed_space_; }
  // Looks once more: a quick backup is done before the first look.
  void end() {
    ended_.request();
    if (!thread_.joinable()) return;
    thread_.join();
    look();
  }

 private:
  void watch() {
    Duration walked{0};
    while (!ended_.wait_for(milliseconds(20))) {
      if (outer_.is_requested()) stop_backup_.request();
      walked += milliseconds(20);
      if (walked < milliseconds(400)) continue;
      walked = Duration(0);
      look();
    }
  }

  void look() {
    // Files vanish while they are counted; the next look will succeed.
    const auto bytes = world::tree_bytes(target_);
    if (!bytes) return;
    if (progress_) progress_(std::min(*bytes, sizes_.expected), sizes_.expected);
    if (sizes_.space && *bytes > *sizes_.space) {
      has_passed_space_ = true;
      stop_backup_.request();
    }
  }

  const std::string& target_;
  const Sizes sizes_;
  const CopyProgress& progress_;
  const world::Cancellation& outer_;
  world::Cancellation stop_backup_, ended_;
  std::atomic<bool> has_passed_space_{false};
  std::thread thread_;
};

// The password goes through the environment: the process list does not show that.
world::Program basebackup(const BackupOptions& options) {
  world::Program program;
  program.arguments = {concat(options.binaries, "/pg_basebackup"),
                       "-h",
                       options.server.host,
                       "-p",
                       concat(options.server.port),
                       "-U",
                       options.server.user,
                       "-w",
                       "-D",
                       options.target,
                       "--format=plain",
                       "--wal-method=stream",
                       "--checkpoint=fast",
                       "--manifest-checksums=CRC32C",
                       "--label=pawl",
                       "--no-sync"};
  program.environment = {"LC_ALL=C", "PGAPPNAME=pawl"};
  if (!options.server.password.empty()) {
    program.environment.push_back("PGPASSWORD=" + options.server.password);
  }
  program.directory = "/";
  program.account = ::geteuid() == 0 ? options.account : "";
  return program;
}

Error basebackup_error(const world::Exit& exit) {
  const auto says = [&](std::string_view words) {
    return exit.errors.find(words) != std::string::npos;
  };
  auto code = ErrorCode::failed;
  if (says("No space left")) code = ErrorCode::out_of_space;
  if (says("authentication failed") || says("no password supplied") || says("pg_hba.conf")) {
    code = ErrorCode::permission_denied;
  }
  if (says("could not connect") || says("connection to server") ||
      says("server closed the connection")) {
    if (code == ErrorCode::failed) code = ErrorCode::unavailable;
  }
  return Error(code, concat("pg_basebackup failed: ", replace_all(trim(exit.errors), "\n", " | ")));
}

}  // namespace

Result<Backup> stream_backup(world::Processes& processes, const BackupOptions& options,
                             const CopyProgress& progress,
                             const world::Cancellation& cancellation) {
  Connection connection = TRY(Connection::open(options.server, &cancellation));
  const Rows rows = TRY(connection.execute(
      "SELECT (SELECT sum(pg_database_size(oid)) FROM pg_database), "
      "(SELECT count(*) FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global'))"));
  if (rows.at(0, 1) != "0") {
    return Error(ErrorCode::unsupported,
                 "the server has tablespaces outside its data directory, which snapshots do not "
                 "hold yet");
  }
  std::optional<world::Account> owner;
  if (!options.account.empty() && ::geteuid() == 0) {
    owner = TRY(world::resolve_account(options.account));
  }
  TRY(make_tree(options.target, {}, owner));

  // Of unlogged tables, which count in it, nothing is written: it is no reason to refuse.
  const auto expected = static_cast<uint64_t>(parse_integer(rows.at(0, 0)).value_or(0));
  const auto space = TRY(options.space(0));
  Growth growth(options.target, {expected, space}, progress, cancellation);
  const auto exit = processes.run(basebackup(options), hours(24 * 7), growth.stop_backup());
  growth.end();
  if (growth.has_passed_space()) {
    return Error(ErrorCode::out_of_space,
                 concat("not enough space in ", options.target, ": about ", format_bytes(expected),
                        " are needed, ", format_bytes(*space), " are free below the limit"),
                 "Raise space_limit of the region or remove old snapshots.");
  }
  if (!exit) return exit.error();
  if (exit->status != 0) return basebackup_error(*exit);
  Backup backup;
  backup.engine_version = connection.server_version();
  backup.manifest = TRY(
      parse_manifest(TRY(world::read_file(options.target + "/backup_manifest", size_t{4} << 30))));
  if (backup.manifest.wal.empty()) {
    return Error(ErrorCode::corrupt, "pg_basebackup's manifest names no WAL");
  }
  backup.timeline = backup.manifest.wal.back().timeline;
  backup.start = backup.manifest.wal.front().start;
  backup.stop = backup.manifest.wal.back().end;
  return backup;
}

}  // namespace pawl::postgres
