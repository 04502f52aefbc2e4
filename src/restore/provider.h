#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/tasks.h"
#include "restore/snapshots/copy.h"
#include "restore/snapshots/snapshot.h"
#include "world/cancellation.h"

namespace pawl::restore {

using Report = std::function<void(engine::Progress)>;

// What a long verb is doing: "copying", "restoring", "available", "completed", "failed".
struct ProviderStatus {
  std::string status;
  uint64_t bytes_done = 0, bytes_total = 0;
  std::optional<Error> error;  // of "failed"
};

struct User {
  std::string name, password;
  bool may_write = false;
};

struct Endpoint {
  std::string host;     // a socket directory
  std::string address;  // a TCP address
  uint16_t port = 0;
};

struct Verification {
  std::string engine_version;
  Inventory inventory;
  std::vector<std::string> differences;  // empty: verified
  uint64_t pages_checked = 0;
  bool has_page_checksums = true;
};

// A kind of database service. The verbs that take long only start the work, under the operation's
// id, and are asked again with wait_*; starting what is started, or done, changes nothing. After a
// crash, wait_* takes up what a dead run left.
class Provider {
 public:
  virtual ~Provider() = default;

  virtual Result<Snapshot> find_snapshot(const std::string& region, const std::string& cluster,
                                         const std::string& date) = 0;

  virtual Result<void> begin_copy(const std::string& operation_id, const Snapshot& snapshot,
                                  const std::string& target_region) = 0;
  // Waits up to `limit` for the end, reporting progress.
  virtual Result<ProviderStatus> wait_copy(const std::string& operation_id,
                                           const Snapshot& snapshot,
                                           const std::string& target_region, Duration limit,
                                           const Report& report,
                                           const world::Cancellation& cancellation) = 0;

  // Beside whatever serves now: a new instance named for the operation.
  virtual Result<void> begin_restore(const std::string& operation_id, const Snapshot& snapshot,
                                     const std::string& region, const std::string& cluster) = 0;
  virtual Result<ProviderStatus> wait_restore(const std::string& operation_id,
                                              const std::string& region, Duration limit,
                                              const Report& report,
                                              const world::Cancellation& cancellation) = 0;

  // Answers what the readers may change nonetheless, by rights that the source gave to everyone.
  virtual Result<std::vector<std::string>> set_up_users(const std::string& operation_id,
                                                        const std::string& region,
                                                        const std::vector<User>& users) = 0;
  virtual Result<Verification> verify(const std::string& operation_id, const std::string& region,
                                      const Snapshot& snapshot, const Report& report,
                                      const world::Cancellation& cancellation) = 0;
  // The only irrevocable moment, atomic: the endpoint of the cluster now leads to the operation's
  // instance. Refused unless that instance is verified and answers.
  virtual Result<Endpoint> swap(const std::string& operation_id, const std::string& region,
                                const std::string& cluster) = 0;
  // Back to the instance the operation replaced, within the grace time.
  virtual Result<Endpoint> swap_back(const std::string& operation_id, const std::string& region,
                                     const std::string& cluster) = 0;
  // What serves a cluster is shut down and stays down, also when the program starts again, until
  // start() or a swap. Error: not_found where nothing serves it.
  virtual Result<void> stop(const std::string& region, const std::string& cluster) = 0;
  virtual Result<Endpoint> start(const std::string& region, const std::string& cluster) = 0;
  // Removes what serves a cluster and what it replaced. Its snapshots and the address of its
  // endpoint stay. May be repeated after a crash.
  virtual Result<void> remove(const std::string& region, const std::string& cluster) = 0;
  // Removes the operation's instance unless it serves.
  virtual Result<void> discard(const std::string& operation_id, const std::string& region) = 0;
};

}  // namespace pawl::restore
