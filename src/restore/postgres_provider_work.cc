#include <sys/stat.h>

#include "base/log.h"
#include "base/text.h"
#include "json/write.h"
#include "restore/instances/instance_files.h"
#include "restore/layout.h"
#include "restore/postgres_provider.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/snapshots/copy.h"
#include "restore/snapshots/snapshot_lock.h"
#include "restore/space.h"
#include "world/files.h"
#include "world/moment.h"

// The long verbs: copying a snapshot to another region, and restoring it beside what serves.
namespace pawl::restore {
namespace {

std::string copy_key(const Snapshot& snapshot, const std::string& region) {
  return concat("copy:", region, "/", snapshot.cluster, "/", snapshot.date);
}

std::string restore_key(const std::string& region, const std::string& operation_id) {
  return concat("restore:", region, "/", operation_id);
}

// Passes progress on and comes by a moment when half is done.
CopyProgress with_moment(const CopyProgress& progress, std::string_view half) {
  return [progress, half, has_passed = false](uint64_t done, uint64_t total) mutable {
    progress(done, total);
    if (has_passed || done * 2 < total) return;
    has_passed = true;
    world::moment(half);
  };
}

struct Destination {
  const Region& region;
  std::string directory;
  CopyOptions options;  // but for the space
  CopyProgress progress;
};

Result<void> copy_files_of(const Snapshot& snapshot, Destination to,
                           const world::Cancellation& cancellation) {
  const std::string from = snapshot.directory + "/data";
  const uint64_t needed = TRY(space_needed({from, to.directory, snapshot.bytes}));
  to.options.space = TRY(space_left(to.region, needed));
  TRY(copy_backup(from, to.directory, to.options, to.progress, cancellation));
  return {};
}

Result<void> write_snapshot(Snapshot snapshot, const Region& region) {
  const std::string folder = Layout(region).snapshot(snapshot.cluster, snapshot.date);
  snapshot.region = region.name;
  return world::write_file_atomically(folder + "/snapshot.json",
                                      json::write_pretty(to_json(snapshot)) + "\n", 0600);
}

}  // namespace

Result<void> PostgresProvider::begin_copy(const std::string&, const Snapshot& snapshot,
                                          const std::string& target_region) {
  const Region* target = TRY(region(target_region));
  if (snapshot.region == target_region) return {};
  work_.begin(copy_key(snapshot, target_region),
              [this, snapshot, target](const CopyProgress& progress,
                                       const world::Cancellation& cancellation) {
                return copy_snapshot(snapshot, *target, progress, cancellation);
              });
  return {};
}

Result<ProviderStatus> PostgresProvider::wait_copy(const std::string& operation_id,
                                                   const Snapshot& snapshot,
                                                   const std::string& target_region, Duration limit,
                                                   const Report& report,
                                                   const world::Cancellation& cancellation) {
  if (snapshot.region == target_region) {
    return ProviderStatus{"completed", 0, snapshot.bytes, std::nullopt};
  }
  if (TRY(catalogue_.copy_of(snapshot, target_region))) {
    return ProviderStatus{"completed", snapshot.bytes, snapshot.bytes, std::nullopt};
  }
  // The work may be remembered as done although its outcome has been archived or removed since.
  work_.forget_completed(copy_key(snapshot, target_region));
  TRY(begin_copy(operation_id, snapshot, target_region));
  ProviderStatus status =
      work_.wait(copy_key(snapshot, target_region), limit, report, cancellation);
  if (status.status == "running") status.status = "copying";
  return status;
}

Result<void> PostgresProvider::copy_snapshot(const Snapshot& snapshot, const Region& target,
                                             const CopyProgress& progress,
                                             const world::Cancellation& cancellation) {
  const std::string folder = Layout(target).snapshot(snapshot.cluster, snapshot.date);
  TRY(world::make_directories(folder, 0755));
  world::moment("copy:begun");
  const auto use = TRY(try_change_snapshot(target, snapshot.cluster, snapshot.date));
  if (TRY(catalogue_.copy_of(snapshot, target.name))) return {};
  const Region& source_region = *TRY(region(snapshot.region));
  Held source = TRY(hold_snapshot(source_region, snapshot.cluster, snapshot.date, cancellation));
  CopyOptions options;
  options.threads = settings_.copy_threads;
  const auto copied = copy_files_of(
      source.snapshot,
      {target, folder + "/data", std::move(options), with_moment(progress, "copy:half")},
      cancellation);
  give_back(source_region, std::move(source));
  TRY(copied);
  world::moment("copy:copied");
  TRY(write_snapshot(snapshot, target));
  TRY(world::sync_directory(world::parent_directory(folder)));
  world::moment("copy:done");
  return {};
}

Result<PostgresProvider::Held> PostgresProvider::hold_snapshot(
    const Region& where, const std::string& cluster, const std::string& date,
    const world::Cancellation& cancellation) {
  // Somebody may archive it between the two locks.
  for (int tries = 0; tries < 3; ++tries) {
    auto lock = TRY(use_snapshot(where, cluster, date));
    auto found = catalogue_.find(where.name, cluster, date);
    if (found) return Held{std::move(*found), std::move(lock)};
    if (found.error().code() != ErrorCode::not_found) return std::move(found).error();
    lock.release();
    const auto change = TRY(change_snapshot(where, cluster, date));
    bool is_archived = false;
    for (const Archived& archived : TRY(list_archived(settings_, where.name, cluster))) {
      if (archived.snapshot.date != date) continue;
      TRY(unarchive(settings_, processes_, archived, cancellation));
      is_archived = true;
    }
    if (!is_archived) return std::move(found).error();
  }
  return Error(ErrorCode::unavailable, concat("the snapshot of ", cluster, " of ", date, " in ",
                                              where.name, " is being archived"));
}

void PostgresProvider::give_back(const Region& where, Held held) {
  held.lock.release();
  auto removed = remove_unpacked(settings_, where, held.snapshot);
  if (removed) return;
  log(LogLevel::warning, removed.error().text(),
      {{"snapshot", held.snapshot.name}, {"region", where.name}});
}

Result<void> PostgresProvider::begin_restore(const std::string& operation_id,
                                             const Snapshot& snapshot, const std::string& name,
                                             const std::string& cluster) {
  TRY(check_operation_id(operation_id));
  TRY(check_cluster_name(cluster));
  const Region* where = TRY(region(name));
  Instance wanted;
  wanted.operation_id = operation_id;
  wanted.region = name;
  wanted.cluster = cluster;
  wanted.snapshot_cluster = snapshot.cluster;
  wanted.snapshot_date = snapshot.date;
  wanted.created = clock_.now();
  TRY(reserve_instance(settings_, *where, std::move(wanted)));
  world::moment("restore:reserved");
  return begin_restore_of(*where, operation_id);
}

Result<void> PostgresProvider::begin_restore_of(const Region& where,
                                                const std::string& operation_id) {
  work_.begin(restore_key(where.name, operation_id),
              [this, &where, operation_id](const CopyProgress& progress,
                                           const world::Cancellation& cancellation) {
                return restore_instance(where, operation_id, progress, cancellation);
              });
  return {};
}

Result<ProviderStatus> PostgresProvider::wait_restore(const std::string& operation_id,
                                                      const std::string& name, Duration limit,
                                                      const Report& report,
                                                      const world::Cancellation& cancellation) {
  const Region* where = TRY(region(name));
  TRY(read_instance(*where, operation_id));
  TRY(begin_restore_of(*where, operation_id));
  ProviderStatus status = work_.wait(restore_key(name, operation_id), limit, report, cancellation);
  if (status.status == "running") status.status = "restoring";
  if (status.status != "completed") return status;
  // It may have died since.
  InstanceServer server = TRY(server_of(operation_id, name));
  TRY(server.start(cancellation));
  status.status = "available";
  return status;
}

Result<void> PostgresProvider::restore_instance(const Region& where,
                                                const std::string& operation_id,
                                                const CopyProgress& progress,
                                                const world::Cancellation& cancellation) {
  Instance instance = TRY(read_instance(where, operation_id));
  if (instance.phase == "restoring") {
    TRY(fill_data_directory(where, instance, progress, cancellation));
  }
  InstanceServer server(settings_, processes_, instance);
  TRY(server.start(cancellation));
  world::moment("restore:started");
  instance = server.instance();
  if (instance.phase != "copied") return {};
  instance.phase = "available";
  TRY(write_instance(instance));
  world::moment("restore:available");
  return {};
}

Result<void> PostgresProvider::fill_data_directory(const Region& where, Instance& instance,
                                                   const CopyProgress& progress,
                                                   const world::Cancellation& cancellation) {
  TRY(prepare_folders(settings_, instance));
  Held held =
      TRY(hold_snapshot(where, instance.snapshot_cluster, instance.snapshot_date, cancellation));
  CopyOptions options;
  options.threads = settings_.copy_threads;
  options.account = server_account(settings_);
  const auto copied = copy_files_of(
      held.snapshot,
      {where, instance.data(), std::move(options), with_moment(progress, "restore:half")},
      cancellation);
  give_back(where, std::move(held));
  TRY(copied);
  world::moment("restore:copied");
  InstanceServer server(settings_, processes_, instance);
  const auto control = TRY(server.server().control_data(cancellation));
  TRY(write_configuration(settings_, instance, control));
  // From here on the files are the server's: they are never copied over again.
  instance.phase = "copied";
  TRY(write_instance(instance));
  world::moment("restore:configured");
  return {};
}

}  // namespace pawl::restore
