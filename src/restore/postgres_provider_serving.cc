#include "base/text.h"
#include "restore/instances/removal.h"
#include "restore/layout.h"
#include "restore/postgres_provider.h"
#include "world/file_lock.h"
#include "world/files.h"
#include "world/moment.h"

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
  if (!TRY(removal_of(*where, cluster))) return nothing_serves(cluster, name);
  const std::string folder = Layout(*where).cluster(cluster);
  const auto guard = TRY(world::FileLock::wait(folder + "/swap.guard"));
  const auto removal = TRY(removal_of(*where, cluster));
  if (!removal) return nothing_serves(cluster, name);
  TRY(keep_down(*where, cluster));
  TRY(endpoints_.stop(*where, cluster));
  // From here on nothing serves, and the instances are left-overs that any later try removes.
  TRY(world::remove_file(folder + "/current"));
  world::moment("remove:unlinked");
  for (const std::string& operation_id : removal->instances) TRY(discard(operation_id, name));
  return let_up(*where, cluster);
}

}  // namespace pawl::restore
