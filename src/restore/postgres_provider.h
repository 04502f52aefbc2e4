#pragma once

#include <string>
#include <vector>

#include "restore/background_work.h"
#include "restore/instances/endpoint.h"
#include "restore/instances/instance.h"
#include "restore/instances/instance_server.h"
#include "restore/instances/swap.h"
#include "restore/provider.h"
#include "world/clock.h"
#include "world/file_lock.h"
#include "world/processes.h"

namespace pawl::restore {

// PostgreSQL on this machine: snapshots are base backups in the regions' folders, a restored
// cluster is a server of its own in the folder of its operation.
class PostgresProvider : public Provider {
 public:
  // `program` runs endpoints: the path of the pawl binary.
  PostgresProvider(const Settings& settings, world::Clock& clock, world::Processes& processes,
                   std::string program);
  // Cancels what goes on and waits for it; it can be taken up later.
  ~PostgresProvider() override { work_.stop(); }

  // For the start of the program: what serves, serves again (after a reboot its servers and
  // endpoints are down), swaps that a crash cut short are finished, and what has been replaced for
  // longer than the grace time is removed. What cannot be done is logged; the rest is done.
  // From then on, what serves is kept up: a server or an endpoint that dies is started again.
  void take_up();
  Endpoints& endpoints() { return endpoints_; }

  Result<Snapshot> find_snapshot(const std::string& region, const std::string& cluster,
                                 const std::string& date) override;
  Result<void> begin_copy(const std::string& operation_id, const Snapshot& snapshot,
                          const std::string& target_region) override;
  Result<ProviderStatus> wait_copy(const std::string& operation_id, const Snapshot& snapshot,
                                   const std::string& target_region, Duration limit,
                                   const Report& report,
                                   const world::Cancellation& cancellation) override;
  Result<void> begin_restore(const std::string& operation_id, const Snapshot& snapshot,
                             const std::string& region, const std::string& cluster) override;
  Result<ProviderStatus> wait_restore(const std::string& operation_id, const std::string& region,
                                      Duration limit, const Report& report,
                                      const world::Cancellation& cancellation) override;
  Result<std::vector<std::string>> set_up_users(const std::string& operation_id,
                                                const std::string& region,
                                                const std::vector<User>& users) override;
  Result<Verification> verify(const std::string& operation_id, const std::string& region,
                              const Snapshot& snapshot, const Report& report,
                              const world::Cancellation& cancellation) override;
  Result<Endpoint> swap(const std::string& operation_id, const std::string& region,
                        const std::string& cluster) override;
  Result<Endpoint> swap_back(const std::string& operation_id, const std::string& region,
                             const std::string& cluster) override;
  Result<void> stop(const std::string& region, const std::string& cluster) override;
  Result<Endpoint> start(const std::string& region, const std::string& cluster) override;
  Result<void> remove(const std::string& region, const std::string& cluster) override;
  Result<void> discard(const std::string& operation_id, const std::string& region) override;

 private:
  Result<const Region*> region(const std::string& name) const;
  Result<InstanceServer> server_of(const std::string& operation_id, const std::string& region);
  // A snapshot whose files are there, made out of the archive again where need be, and stay there
  // as long as the lock is held.
  struct Held {
    Snapshot snapshot;
    world::FileLock lock;
  };
  Result<Held> hold_snapshot(const Region& region, const std::string& cluster,
                             const std::string& date, const world::Cancellation& cancellation);
  // What was unpacked goes again, unless another uses it: that one will remove it.
  void give_back(const Region& region, Held held);
  Result<void> copy_snapshot(const Snapshot& snapshot, const Region& target,
                             const CopyProgress& progress, const world::Cancellation& cancellation);
  Result<void> restore_instance(const Region& region, const std::string& operation_id,
                                const CopyProgress& progress,
                                const world::Cancellation& cancellation);
  Result<void> fill_data_directory(const Region& region, Instance& instance,
                                   const CopyProgress& progress,
                                   const world::Cancellation& cancellation);
  Result<void> begin_restore_of(const Region& region, const std::string& operation_id);
  Result<void> take_up_cluster(const Region& region, const std::string& cluster);
  void keep_up(const world::Cancellation& cancellation);
  Result<void> keep_cluster_up(const Region& where, const std::string& cluster,
                               const world::Cancellation& cancellation);
  Result<void> remove_expired(const Region& region);

  const Settings& settings_;
  world::Clock& clock_;
  world::Processes& processes_;
  Catalogue catalogue_;
  Endpoints endpoints_;
  Swap swap_;
  BackgroundWork work_;
};

}  // namespace pawl::restore
