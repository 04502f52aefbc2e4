#include "base/text.h"
#include "restore/layout.h"
#include "restore/postgres_provider.h"
#include "world/file_lock.h"
#include "world/files.h"

// What serves a cluster: kept down, brought back, removed.
namespace pawl::restore {
namespace {

Error nothing_serves(const std::string& cluster, const std::string& region) {
  return Error(ErrorCode::not_found, concat("nothing serves ", cluster, " in ", region));
}

}  // namespace

Result<void> PostgresProvider::stop(const std::string& name, const std::string& cluster) {
  const Region* where = TRY(region(name));
  if (!serving_operation(*where, cluster)) return nothing_serves(cluster, name);
  const auto guard = TRY(world::FileLock::wait(Layout(*where).cluster(cluster) + "/swap.guard"));
  const auto serving = serving_operation(*where, cluster);
  if (!serving) return nothing_serves(cluster, name);
  // First of all: whoever keeps clusters up must not start it again.
  TRY(keep_down(*where, cluster));
  TRY(endpoints_.stop(*where, cluster));
  return InstanceServer(settings_, processes_, TRY(read_instance(*where, *serving))).stop();
}

Result<Endpoint> PostgresProvider::start(const std::string& name, const std::string& cluster) {
  const Region* where = TRY(region(name));
  const auto serving = serving_operation(*where, cluster);
  if (!serving) return nothing_serves(cluster, name);
  const auto guard = TRY(world::FileLock::wait(Layout(*where).cluster(cluster) + "/swap.guard"));
  const world::Cancellation never;
  InstanceServer server(settings_, processes_, TRY(read_instance(*where, *serving)));
  TRY(server.start(never));
  TRY(let_up(*where, cluster));
  return endpoints_.ensure(*where, cluster);
}

Result<void> PostgresProvider::remove(const std::string& name, const std::string& cluster) {
  const Region* where = TRY(region(name));
  const std::string folder = Layout(*where).cluster(cluster);
  if (!world::is_directory(folder)) return nothing_serves(cluster, name);
  const auto guard = TRY(world::FileLock::wait(folder + "/swap.guard"));
  bool has_removed = serving_operation(*where, cluster).has_value();
  TRY(keep_down(*where, cluster));
  TRY(endpoints_.stop(*where, cluster));
  // From here on nothing serves, and the instances are left-overs that any later try removes.
  TRY(world::remove_file(folder + "/current"));
  for (const Instance& instance : TRY(list_instances(*where))) {
    const bool has_served = instance.phase == "verified" || instance.phase == "replaced";
    if (instance.cluster != cluster || !has_served) continue;
    TRY(discard(instance.operation_id, name));
    has_removed = true;
  }
  TRY(let_up(*where, cluster));
  return has_removed ? Result<void>() : nothing_serves(cluster, name);
}

}  // namespace pawl::restore
