#include "postgres/recovered_backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

#include "base/text.h"
#include "postgres/checksum.h"
#include "postgres/data_directory.h"
#include "world/files.h"

namespace pawl::postgres {

// Size and time of the last change of each file: who writes to a file changes them.
struct RecoveredBackup::Stamps {
  struct Stamp {
    int64_t size, modified_ns;
    bool operator==(const Stamp&) const = default;
  };
  std::map<std::string, Stamp> files;

  static Result<Stamp> of(const std::string& path) {
    struct stat status;
    if (::stat(path.c_str(), &status) != 0) {
      return errno_error(concat("cannot look at ", path), errno);
    }
    return Stamp{status.st_size,
                 status.st_mtim.tv_sec * int64_t{1000000000} + status.st_mtim.tv_nsec};
  }
};

namespace {

constexpr milliseconds glance(10);

Result<std::string> checksum_of(const std::string& path, const world::Cancellation& cancellation) {
  const auto file = TRY(world::open_file(path, O_RDONLY, "cannot read"));
  const auto buffer = std::make_unique<char[]>(1 << 20);
  Checksum checksum("CRC32C");
  for (;;) {
    if (cancellation.is_requested()) {
      return Error(ErrorCode::cancelled, "taking checksums was cancelled");
    }
    const ssize_t count = ::read(file.number(), buffer.get(), 1 << 20);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno_error(concat("cannot read ", path), errno);
    if (count == 0) return checksum.finish();
    checksum.update({buffer.get(), static_cast<size_t>(count)});
  }
}

// Everything that a data directory's own configuration could say against it is overruled.
std::map<std::string, std::string> settings_for(const std::string& surroundings,
                                                const ControlData& control) {
  std::map<std::string, std::string> settings = control.least_settings;
  const std::map<std::string, std::string> ours = {
      {"config_file", surroundings + "/postgresql.conf"},
      {"hba_file", surroundings + "/pg_hba.conf"},
      {"ident_file", surroundings + "/pg_ident.conf"},
      {"external_pid_file", ""},
      {"listen_addresses", ""},
      {"port", "5432"},
      {"unix_socket_directories", surroundings},
      {"unix_socket_permissions", "0700"},
      {"ssl", "off"},
      {"archive_mode", "off"},
      {"restore_command", ""},
      {"archive_cleanup_command", ""},
      {"recovery_end_command", ""},
      {"primary_conninfo", ""},
      {"primary_slot_name", ""},
      {"recovery_target", ""},
      {"recovery_target_lsn", ""},
      {"recovery_target_name", ""},
      {"recovery_target_time", ""},
      {"recovery_target_xid", ""},
      {"promote_trigger_file", ""},
      {"synchronous_standby_names", ""},
      {"shared_preload_libraries", ""},
      {"session_preload_libraries", ""},
      {"local_preload_libraries", ""},
      {"logging_collector", "off"},
      {"log_destination", "stderr"},
      {"log_min_messages", "warning"},
      {"hot_standby", "on"},
      {"fsync", "off"},  // everything is synced at the end, and a crash before starts all over
      {"autovacuum", "off"},
      {"default_transaction_read_only", "on"},
      {"shared_buffers", "64MB"},
      {"huge_pages", "off"},
      // Short, because waiting for it is how the end of the WAL is recognised.
      {"wal_retrieve_retry_interval", "200ms"},
      {"max_wal_size", "1TB"},
      {"checkpoint_timeout", "1d"},
  };
  for (const auto& [name, value] : ours) settings[name] = value;
  return settings;
}

}  // namespace

RecoveredBackup::RecoveredBackup(world::Processes& processes, Options options)
    : processes_(processes), options_(std::move(options)) {}

RecoveredBackup::~RecoveredBackup() {
  if (server_ != nullptr) static_cast<void>(server_->stop(StopMode::immediate, seconds(30)));
  if (!surroundings_.empty()) static_cast<void>(world::remove_tree(surroundings_));
}

Result<void> RecoveredBackup::give_away(const std::string& path) const {
  if (options_.account.empty() || ::geteuid() != 0) return {};
  return world::change_owner_tree(path, TRY(world::resolve_account(options_.account)));
}

// A short path, for a socket's must not be longer than 107 bytes, that only the account may enter.
Result<void> RecoveredBackup::make_surroundings() {
  char path[] = "/tmp/pawl-XXXXXX";
  if (::mkdtemp(path) == nullptr) return errno_error("cannot make a directory in /tmp", errno);
  surroundings_ = path;
  TRY(world::write_file_atomically(surroundings_ + "/postgresql.conf", "", 0600));
  TRY(world::write_file_atomically(surroundings_ + "/pg_hba.conf", "local all all trust\n", 0600));
  TRY(world::write_file_atomically(surroundings_ + "/pg_ident.conf", "", 0600));
  return give_away(surroundings_);
}

Result<void> RecoveredBackup::begin(Duration limit, const world::Cancellation& cancellation) {
  TRY(make_surroundings());
  ServerOptions server{.binaries = options_.binaries,
                       .data_directory = options_.data_directory,
                       .account = options_.account,
                       .log_file = surroundings_ + "/log",
                       .settings = {}};
  const ControlData control = TRY(Server(processes_, server).control_data(cancellation));
  server.settings = settings_for(surroundings_, control);
  server_ = std::make_unique<Server>(processes_, server);

  stamps_ = std::make_unique<Stamps>();
  for (const FileToCopy& file : TRY(list_tree(options_.data_directory)).files) {
    stamps_->files[file.path] = TRY(Stamps::of(concat(options_.data_directory, "/", file.path)));
  }
  TRY(start_standby(limit, cancellation));
  return wait_for_end_of_replay(cancellation);
}

Result<void> RecoveredBackup::start_standby(Duration limit,
                                            const world::Cancellation& cancellation) {
  const std::string signal = options_.data_directory + "/standby.signal";
  TRY(world::write_file_atomically(signal, "", 0600));
  TRY(give_away(signal));
  int turns_at_end = 0;
  for (Duration waited{0};; waited += seconds(1)) {
    const auto started = server_->start(seconds(1), cancellation);
    if (started || started.error().code() != ErrorCode::timed_out || waited >= limit) {
      return started;
    }
    // At the end of its WAL and still closed, a second later too: nothing will open it.
    const std::string log = TRY(world::read_file(surroundings_ + "/log"));
    if (log.find("waiting for WAL to become available") == log.npos) continue;
    if (++turns_at_end == 2) return start_as_after_crash(limit, cancellation);
  }
}

Result<void> RecoveredBackup::start_as_after_crash(Duration limit,
                                                   const world::Cancellation& cancellation) {
  TRY(server_->stop(StopMode::fast, minutes(1)));
  const std::string signal = options_.data_directory + "/standby.signal";
  if (::unlink(signal.c_str()) != 0) return errno_error(concat("cannot remove ", signal), errno);
  is_standby_ = false;
  return server_->start(limit, cancellation);
}

ConnectionOptions RecoveredBackup::connection() const {
  ConnectionOptions options;
  options.host = surroundings_;
  options.user = options_.superuser;
  return options;
}

Result<void> RecoveredBackup::wait_for_end_of_replay(const world::Cancellation& cancellation) {
  if (!is_standby_) return {};
  // template1, because a database "postgres" may have been dropped.
  ConnectionOptions options = connection();
  options.database = "template1";
  Connection connection = TRY(Connection::open(options, &cancellation));
  for (;;) {
    // A standby without a primary waits like this only when pg_wal has nothing more.
    const Rows rows = TRY(connection.execute(
        "SELECT pg_last_wal_replay_lsn(), EXISTS (SELECT FROM pg_stat_activity WHERE backend_type "
        "= 'startup' AND wait_event IN ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream'))",
        {}, {minutes(1), &cancellation}));
    end_ = TRY(parse_lsn(rows.at(0, 0)));
    if (rows.at(0, 1) == "t") break;
    if (cancellation.wait_for(glance)) {
      return Error(ErrorCode::cancelled, "the recovery was cancelled");
    }
  }
  if (end_ >= options_.stop) return {};
  return Error(
      ErrorCode::corrupt,
      concat("the WAL of the backup in ", options_.data_directory, " ends at ", format_lsn(end_),
             ", before the end of the backup at ", format_lsn(options_.stop)));
}

Result<Manifest> RecoveredBackup::finish(const Manifest& manifest,
                                         const world::Cancellation& cancellation) {
  CHECK(server_ != nullptr);
  TRY(server_->stop(StopMode::fast, minutes(30)));
  ::unlink((options_.data_directory + "/standby.signal").c_str());
  const ControlData control = TRY(server_->control_data(cancellation));
  TRY(remove_wal(control));
  return describe(manifest, control, cancellation);
}

// What replay does not need any more, and segments that the server has set aside for later use.
Result<void> RecoveredBackup::remove_wal(const ControlData& control) const {
  const std::string first = segment_name(control.timeline, control.redo, control.segment_bytes);
  const Lsn last_byte = std::max(end_ == 0 ? control.redo : end_ - 1, control.redo);
  const std::string last = segment_name(control.timeline, last_byte, control.segment_bytes);
  const std::string directory = options_.data_directory + "/pg_wal";
  for (const std::string& name : TRY(world::list_directory(directory))) {
    // Without the timeline: after a switch, the numbers go on.
    const bool is_needed = !is_segment_name(name) ||
                           (name.substr(8) >= first.substr(8) && name.substr(8) <= last.substr(8));
    if (name != "archive_status" && !is_needed) TRY(world::remove_tree(directory + "/" + name));
  }
  TRY(world::remove_tree(directory + "/archive_status"));
  TRY(world::make_directories(directory + "/archive_status", 0700));
  return give_away(directory + "/archive_status");
}

// After a clean shutdown the last checkpoint is the only record that is needed, and the manifest
// must say where exactly it ends. On the way into another page it makes room for a header.
Result<Lsn> RecoveredBackup::end_of_checkpoint(const ControlData& control,
                                               const world::Cancellation& cancellation) const {
  constexpr uint64_t page = 8192, short_header = 24, long_header = 40;
  const world::Program program{.arguments = {concat(options_.binaries, "/pg_waldump"), "--limit=1",
                                             concat("--start=", format_lsn(control.redo)),
                                             concat("--timeline=", control.timeline),
                                             concat("--path=", options_.data_directory, "/pg_wal")},
                               .environment = {"LC_ALL=C"},
                               .directory = std::string("/"),
                               .input = {},
                               .account = {}};
  const world::Exit exit = TRY(processes_.run(program, minutes(1), cancellation));
  // "rmgr: XLOG        len (rec/tot):    114/   114, tx: …"
  const size_t slash = exit.output.find('/', exit.output.find("tot):"));
  const size_t comma = exit.output.find(',', slash);
  const auto length =
      comma == std::string::npos
          ? std::nullopt
          : parse_integer(trim(std::string_view(exit.output).substr(slash + 1, comma - slash - 1)));
  if (exit.status != 0 || !length) {
    return Error(ErrorCode::corrupt, concat("the last checkpoint of ", options_.data_directory,
                                            " cannot be read: ", trim(exit.errors)));
  }
  const Lsn end = control.redo + (static_cast<uint64_t>(*length) + 7) / 8 * 8;
  const Lsn next_page = (control.redo / page + 1) * page;
  if (end <= next_page) return end;
  return end + (next_page % control.segment_bytes == 0 ? long_header : short_header);
}

Result<Manifest> RecoveredBackup::describe(const Manifest& before, const ControlData& control,
                                           const world::Cancellation& cancellation) const {
  std::map<std::string, const ManifestFile*> known;
  for (const ManifestFile& file : before.files) known[file.path] = &file;
  Listing listing = TRY(
      list_for_backup(options_.data_directory, is_standby_ ? Unlogged::left_out : Unlogged::kept));
  listing.files.emplace_back().path = "global/pg_control";
  std::set<std::string> wanted;
  Manifest manifest;
  for (const FileToCopy& file : listing.files) {
    wanted.insert(file.path);
    const std::string path = concat(options_.data_directory, "/", file.path);
    const auto stamp = TRY(Stamps::of(path));
    const auto old_stamp = stamps_->files.find(file.path);
    const auto old = known.find(file.path);
    const bool is_unchanged = old_stamp != stamps_->files.end() && old_stamp->second == stamp &&
                              old != known.end() && old->second->algorithm == "CRC32C";
    manifest.files.push_back(
        {file.path, static_cast<uint64_t>(stamp.size),
         Instant(std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(stamp.modified_ns))),
         "CRC32C", is_unchanged ? old->second->checksum : TRY(checksum_of(path, cancellation))});
  }
  // The rest is of no use to a restore, and pg_verifybackup would ask what it is.
  for (const FileToCopy& file : TRY(list_tree(options_.data_directory)).files) {
    if (wanted.contains(file.path) || file.path.starts_with("pg_wal/")) continue;
    TRY(world::remove_tree(concat(options_.data_directory, "/", file.path)));
  }
  const Lsn end = is_standby_ ? end_ : TRY(end_of_checkpoint(control, cancellation));
  manifest.wal = {{control.timeline, control.redo, end}};
  return manifest;
}

}  // namespace pawl::postgres
