#include "restore/postgres_provider.h"

#include "base/log.h"
#include "base/text.h"
#include "restore/instances/left_over.h"
#include "restore/known.h"
#include "restore/layout.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/users/users.h"
#include "restore/verify.h"
#include "world/file_lock.h"
#include "world/files.h"
#include "world/moment.h"

namespace pawl::restore {
namespace {

bool is_up(const Instance& instance) {
  return instance.phase != "restoring" && instance.phase != "copied" && instance.phase != "unknown";
}

constexpr seconds keep_up_interval(2);
constexpr seconds keep_up_patience(5);

std::vector<std::string> clusters_of(const Region& where) {
  const std::string folder = Layout(where).root + "/clusters";
  if (!world::is_directory(folder)) return {};
  auto clusters = world::list_directory(folder);
  if (clusters) return std::move(*clusters);
  log(LogLevel::error, clusters.error().text(), {{"region", where.name}});
  return {};
}

}  // namespace

PostgresProvider::PostgresProvider(const Settings& settings, world::Clock& clock,
                                   world::Processes& processes, std::string program)
    : settings_(settings),
      clock_(clock),
      processes_(processes),
      catalogue_(settings),
      endpoints_(settings, processes, std::move(program)),
      swap_(settings, clock, processes, endpoints_) {}

Result<const Region*> PostgresProvider::region(const std::string& name) const {
  return known_region(settings_, name);
}

Result<InstanceServer> PostgresProvider::server_of(const std::string& operation_id,
                                                   const std::string& name) {
  auto instance = read_instance(*TRY(region(name)), operation_id);
  if (instance) return InstanceServer(settings_, processes_, std::move(*instance));
  if (instance.error().code() != ErrorCode::not_found) return std::move(instance).error();
  return Error(ErrorCode::invalid_argument, instance.error().message(),
               "Call aurora-restore-restore-snapshot first.");
}

Result<Snapshot> PostgresProvider::find_snapshot(const std::string& name,
                                                 const std::string& cluster,
                                                 const std::string& date) {
  auto found = catalogue_.find(name, cluster, date);
  if (!found && found.error().code() != ErrorCode::not_found) return found;
  // The compressed tier counts as well: what is only there is unpacked when its files are needed.
  std::optional<Snapshot> archived;
  for (Archived& candidate : TRY(list_archived(settings_, name, cluster))) {
    if (date == "latest" || candidate.snapshot.date == date) archived = candidate.snapshot;
  }
  if (!archived || (found && found->date >= archived->date)) return found;
  archived->region = name;
  archived->directory = Layout(*TRY(region(name))).snapshot(cluster, archived->date);
  return std::move(*archived);
}

Result<std::vector<std::string>> PostgresProvider::set_up_users(const std::string& operation_id,
                                                                const std::string& name,
                                                                const std::vector<User>& users) {
  const world::Cancellation never;
  InstanceServer server = TRY(server_of(operation_id, name));
  TRY(server.start(never));
  auto rights_left = TRY(restore::set_up_users(server, users, never));
  world::moment("users:done");
  return rights_left;
}

Result<Verification> PostgresProvider::verify(const std::string& operation_id,
                                              const std::string& name, const Snapshot& snapshot,
                                              const Report& report,
                                              const world::Cancellation& cancellation) {
  const Region* where = TRY(region(name));
  InstanceServer server = TRY(server_of(operation_id, name));
  Instance instance = server.instance();
  if (!is_up(instance)) {
    return Error(ErrorCode::conflict,
                 concat("the instance of operation ", operation_id, " is not restored yet"));
  }
  const bool may_stop = !serves(*where, instance);
  Verification verification = TRY(
      verify_instance(server, snapshot, {settings_, processes_, may_stop, report, cancellation}));
  if (!verification.differences.empty() || instance.may_serve()) return verification;
  world::moment("verify:compared");
  // Read again: starting it may have given it another port.
  instance = TRY(read_instance(*where, operation_id));
  instance.phase = "verified";
  TRY(write_instance(instance));
  world::moment("verify:done");
  return verification;
}

Result<Endpoint> PostgresProvider::swap(const std::string& operation_id, const std::string& name,
                                        const std::string& cluster) {
  return swap_.forward(*TRY(region(name)), cluster, operation_id);
}

Result<Endpoint> PostgresProvider::swap_back(const std::string& operation_id,
                                             const std::string& name, const std::string& cluster) {
  return swap_.back(*TRY(region(name)), cluster, operation_id);
}

Result<void> PostgresProvider::discard(const std::string& operation_id, const std::string& name) {
  TRY(check_operation_id(operation_id));
  const Region* where = TRY(region(name));
  const std::string directory = Layout(*where).instance(operation_id);
  if (!world::exists(directory)) return {};
  Instance instance;
  instance.operation_id = operation_id;
  instance.directory = directory;
  if (auto kept = read_instance(*where, operation_id)) {
    if (serves(*where, *kept)) return {};
    instance = *kept;
  }
  work_.cancel(concat("restore:", name, "/", operation_id));
  InstanceServer server(settings_, processes_, instance);
  TRY(server.stop());
  // Without its description it is nobody's, whatever of its files a crash leaves.
  const auto described = world::remove_file(directory + "/instance.json");
  // Another restore may find the same left-over and remove it at the same time.
  if (!described && described.error().code() != ErrorCode::not_found) return described.error();
  return world::remove_tree(directory);
}

void PostgresProvider::take_up() {
  for (const auto& [name, where] : settings_.regions) {
    for (const std::string& cluster : clusters_of(where)) {
      if (auto taken = take_up_cluster(where, cluster); !taken) {
        log(LogLevel::error, taken.error().text(), {{"cluster", cluster}, {"region", name}});
      }
    }
    if (auto removed = remove_expired(where); !removed) {
      log(LogLevel::error, removed.error().text(), {{"region", name}});
    }
  }
  work_.begin("keep up", [this](const CopyProgress&, const world::Cancellation& cancellation) {
    keep_up(cancellation);
    return Result<void>();
  });
}

void PostgresProvider::keep_up(const world::Cancellation& cancellation) {
  std::map<std::string, std::string> complaints;  // each is logged once, not every time
  while (!cancellation.wait_for(keep_up_interval)) {
    for (const auto& [name, where] : settings_.regions) {
      for (const std::string& cluster : clusters_of(where)) {
        const auto kept = keep_cluster_up(where, cluster, cancellation);
        std::string& last = complaints[concat(name, "/", cluster)];
        const bool is_new = !kept && kept.error().message() != last;
        last = kept ? "" : kept.error().message();
        if (is_new && !cancellation.is_requested()) {
          log(LogLevel::error, kept.error().text(), {{"cluster", cluster}, {"region", name}});
        }
      }
      const auto removed = remove_expired(where);
      std::string& last = complaints[name];
      const bool is_new = !removed && removed.error().message() != last;
      last = removed ? "" : removed.error().message();
      if (is_new) log(LogLevel::error, removed.error().text(), {{"region", name}});
    }
  }
}

// Whoever swaps the cluster holds the guard and looks after it until that is done.
Result<void> PostgresProvider::keep_cluster_up(const Region& where, const std::string& cluster,
                                               const world::Cancellation& cancellation) {
  if (!serving_operation(where, cluster)) return {};
  const auto guard = world::FileLock::take(Layout(where).cluster(cluster) + "/swap.guard");
  if (!guard) return {};
  const auto serving = serving_operation(where, cluster);
  if (!serving || is_kept_down(where, cluster)) return {};
  InstanceServer server(settings_, processes_, TRY(read_instance(where, *serving)));
  if (!server.server().is_running()) {
    log(LogLevel::warning, "what serves was down and is started again",
        {{"cluster", cluster}, {"region", where.name}, {"operation", *serving}});
    // A long recovery goes on by itself; it must not hold up a swap to another instance.
    const auto started = server.start(cancellation, keep_up_patience);
    if (!started && started.error().code() != ErrorCode::timed_out) return started;
  }
  TRY(endpoints_.ensure(where, cluster));
  return {};
}

Result<void> PostgresProvider::take_up_cluster(const Region& where, const std::string& cluster) {
  const auto serving = serving_operation(where, cluster);
  if (!serving || is_kept_down(where, cluster)) return {};
  const world::Cancellation never;
  InstanceServer server(settings_, processes_, TRY(read_instance(where, *serving)));
  TRY(server.start(never));
  TRY(endpoints_.ensure(where, cluster));
  const std::string old = server.instance().replaces;
  const auto replaced = read_instance(where, old.empty() ? *serving : old);
  const bool is_finished = old.empty() || !replaced || replaced->phase == "replaced";
  if (!is_finished) TRY(swap_.forward(where, cluster, *serving));
  return {};
}

Result<void> PostgresProvider::remove_expired(const Region& where) {
  for (const Instance& instance : TRY(list_instances(where))) {
    if (!is_expired(instance, clock_.now())) continue;
    // Nobody may be leading the cluster back to it meanwhile.
    const auto guard =
        world::FileLock::take(Layout(where).cluster(instance.cluster) + "/swap.guard");
    if (!guard) continue;
    TRY(discard(instance.operation_id, where.name));
    log(LogLevel::info, "the grace time is over and what was replaced is removed",
        {{"operation", instance.operation_id},
         {"cluster", instance.cluster},
         {"region", where.name}});
  }
  return {};
}

}  // namespace pawl::restore
