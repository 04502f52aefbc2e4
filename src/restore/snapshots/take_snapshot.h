#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "restore/settings.h"
#include "restore/snapshots/snapshot.h"
#include "world/cancellation.h"
#include "world/clock.h"
#include "world/processes.h"

namespace pawl::restore {

struct SnapshotProgress {
  std::string phase;  // "copying", "recovering", "inventory"
  uint64_t bytes_done = 0, bytes_total = 0;
};

struct SnapshotRequest {
  std::string cluster;
  std::string date;      // YYYY-MM-DD; empty: today, UTC
  std::string password;  // of the source's user, where it wants one
  std::function<void(const SnapshotProgress&)> progress;
};

// Takes snapshots of running clusters into snapshots/<cluster>/<date> of their region.
class SnapshotTaking {
 public:
  SnapshotTaking(const Settings& settings, world::Processes& processes, world::Clock& clock)
      : settings_(settings), processes_(processes), clock_(clock) {}

  // What can be known to be wrong before anything is begun; answers the date. Errors:
  // invalid_argument; not_found; already_exists where the date is taken, in either tier.
  Result<std::string> check(const SnapshotRequest& request) const;
  // A base backup, brought to the state that it restores to, and the inventory of exactly that
  // state. Files of the server are copied where cluster.data_directory can be read, otherwise the
  // backup is streamed. What a dead run left of the date is removed and taken again.
  // Errors: already_exists where the date is taken; conflict where another run is taking it;
  // out_of_space.
  Result<Snapshot> take(const SnapshotRequest& request, const world::Cancellation& cancellation);

 private:
  struct Run;
  const Settings& settings_;
  world::Processes& processes_;
  world::Clock& clock_;
};

}  // namespace pawl::restore
