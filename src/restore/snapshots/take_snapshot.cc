#include "restore/snapshots/take_snapshot.h"

#include <unistd.h>

#include "base/text.h"
#include "json/write.h"
#include "postgres/base_backup.h"
#include "postgres/recovered_backup.h"
#include "restore/known.h"
#include "restore/layout.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/snapshots/inventory.h"
#include "restore/snapshots/wal_manifest.h"
#include "restore/space.h"
#include "world/file_lock.h"
#include "world/files.h"
#include "world/moment.h"

namespace pawl::restore {

struct SnapshotTaking::Run {
  const Settings& settings;
  world::Processes& processes;
  const SnapshotRequest& request;
  const Cluster& cluster;
  const Region& region;
  const world::Cancellation& cancellation;
  std::string directory, data;  // of the snapshot

  std::string account() const { return ::geteuid() == 0 ? settings.postgres_account : ""; }

  auto reporter(const char* phase) const {
    return [this, phase](uint64_t done, uint64_t total) {
      if (request.progress) request.progress({phase, done, total});
    };
  }

  Result<postgres::Backup> back_up() const {
    postgres::BackupOptions options;
    options.server = server();
    options.target = data;
    options.account = account();
    options.binaries = settings.postgres_directory;
    options.threads = settings.copy_threads;
    options.space = [this](uint64_t needed) { return space_left(region, needed); };
    const bool is_local = !cluster.data_directory.empty() &&
                          ::access((cluster.data_directory + "/global").c_str(), R_OK | X_OK) == 0;
    if (!is_local) {
      return postgres::stream_backup(processes, options, reporter("copying"), cancellation);
    }
    return postgres::copy_running_server(cluster.data_directory, options, reporter("copying"),
                                         cancellation);
  }

  postgres::ConnectionOptions server() const {
    postgres::ConnectionOptions options;
    options.host = cluster.host;
    options.port = cluster.port;
    options.user = cluster.user;
    options.database = cluster.database;
    options.password = request.password;
    options.limit = settings.connection_limit;
    return options;
  }

  // The user of object id 10 is the one that the cluster was made with.
  Result<std::string> superuser() const {
    auto connection = TRY(postgres::Connection::open(server(), &cancellation));
    const auto rows = TRY(connection.execute("SELECT rolname FROM pg_roles WHERE oid = 10"));
    if (rows.size() == 1) return std::string(rows.at(0, 0));
    return Error(ErrorCode::failed, concat("cluster ", cluster.name, " has no superuser"));
  }

  Result<Snapshot> take() const {
    postgres::RecoveredBackup::Options recovery;
    recovery.superuser = TRY(superuser());
    const postgres::Backup backup = TRY(back_up());
    world::moment("snapshot_copied");

    recovery.data_directory = data;
    recovery.account = account();
    recovery.binaries = settings.postgres_directory;
    recovery.stop = backup.stop;
    postgres::RecoveredBackup recovered(processes, recovery);
    reporter("recovering")(0, 0);
    TRY(recovered.begin(hours(24), cancellation));
    Snapshot snapshot;
    postgres::ConnectionOptions connection = recovered.connection();
    connection.database = "template1";
    snapshot.inventory =
        TRY(take_inventory(connection, settings.copy_threads, reporter("inventory"), cancellation));
    const postgres::Manifest manifest = TRY(recovered.finish(backup.manifest, cancellation));
    world::moment("snapshot_recovered");

    snapshot.engine_version = backup.engine_version;
    TRY(describe(snapshot, manifest));
    return snapshot;
  }

  // Writes both manifests and fills in what they say.
  Result<void> describe(Snapshot& snapshot, const postgres::Manifest& manifest) const {
    TRY(world::write_file_atomically(data + "/backup_manifest", postgres::write_manifest(manifest),
                                     0600));
    TRY(write_wal_manifest(data));
    const postgres::Server server(processes, {.binaries = settings.postgres_directory,
                                              .data_directory = data,
                                              .account = {},
                                              .log_file = {},
                                              .settings = {}});
    snapshot.system_identifier = TRY(server.control_data(cancellation)).system_identifier;
    snapshot.bytes = TRY(world::tree_bytes(data));
    snapshot.files = manifest.files.size();
    if (account().empty()) return {};
    return world::change_owner_tree(data, TRY(world::resolve_account(account())));
  }
};

Result<std::string> SnapshotTaking::check(const SnapshotRequest& request) const {
  const std::string today = format_date(clock_.now());
  std::string date = request.date.empty() ? today : request.date;
  if (!is_date(date)) {
    return Error(ErrorCode::invalid_argument,
                 concat("snapshot date \"", date, "\" is not YYYY-MM-DD"));
  }
  // It would be "the newest" until its day has come.
  if (date > today) {
    return Error(ErrorCode::invalid_argument,
                 concat("snapshot date ", date, " is in the future; today, UTC, is ", today));
  }
  TRY(check_cluster_name(request.cluster));
  const Cluster& cluster = *TRY(known_cluster(settings_, request.cluster));
  const Region& region = *TRY(known_region(settings_, cluster.region));
  const bool is_there =
      world::exists(Layout(region).snapshot(request.cluster, date) + "/snapshot.json");
  // The archive may hold all that there is of another one: only one of a date can be restored.
  const bool is_archived =
      TRY(find_archived(settings_, region.name, {request.cluster, date})).has_value();
  if (!is_there && !is_archived) return date;
  return Error(ErrorCode::already_exists,
               concat("there is ", is_there ? "a snapshot" : "an archived snapshot", " of ",
                      request.cluster, " of ", date, " in ", region.name, " already"),
               concat("`pawl snapshot delete ", request.cluster, " ", date, " --region ",
                      region.name, "` removes it; or choose another date."));
}

Result<Snapshot> SnapshotTaking::take(const SnapshotRequest& request,
                                      const world::Cancellation& cancellation) {
  const Instant now = clock_.now();
  const std::string date = TRY(check(request));
  const Cluster& cluster = *TRY(known_cluster(settings_, request.cluster));
  const Region& region = *TRY(known_region(settings_, cluster.region));

  const std::string directory = Layout(region).snapshot(request.cluster, date);
  const std::string of_cluster = world::parent_directory(directory);
  TRY(world::make_directories(of_cluster, 0755));
  const auto lock = TRY(world::FileLock::take(concat(of_cluster, "/.", date, ".lock")));
  // Once more, now that nobody else can be taking it.
  TRY(check(request));
  TRY(world::remove_tree(directory));
  TRY(world::make_directories(directory, 0755));

  const Run run{settings_, processes_,   request,   cluster,
                region,    cancellation, directory, directory + "/data"};
  auto taken = run.take();
  if (!taken) {
    // Half a snapshot only takes up room; what cannot be removed now is removed by the next run.
    static_cast<void>(world::remove_tree(directory));
    return taken;
  }
  taken->name = concat("aurora-snapshot-", request.cluster, "-", date);
  taken->cluster = request.cluster;
  taken->region = cluster.region;
  taken->date = date;
  taken->taken = now;
  TRY(postgres::sync_tree(directory));
  world::moment("snapshot_synced");
  TRY(world::write_file_atomically(directory + "/snapshot.json",
                                   json::write_pretty(to_json(*taken)) + "\n", 0600));
  TRY(world::sync_directory(of_cluster));
  taken->directory = directory;
  return taken;
}

}  // namespace pawl::restore
