#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "postgres/base_backup.h"
#include "postgres/server.h"
#include "world/cancellation.h"
#include "world/processes.h"

namespace pawl::postgres {

// A base backup that is brought, in its own directory, to the state that it restores to, so that
// this state can be looked at and nothing has to be replayed later.
//
// A server that nobody else can reach runs in it as a hot standby: it replays the WAL of the backup
// to its end, writes none of its own, and waits. What it shows then is exactly what every restore
// will show. Because no timeline is left, the backup can still be rolled forward with WAL of its
// origin. Where the standby cannot admit queries (a transaction with more than 64 open
// subtransactions at the wrong moment), the server is started as after a crash instead; the state
// is the same, only rolling forward is lost.
class RecoveredBackup {
 public:
  struct Options {
    std::string data_directory;
    std::string account, binaries;
    std::string superuser = "postgres";
    Lsn stop = 0;  // where the backup ends: less must not be replayed
  };

  RecoveredBackup(world::Processes& processes, Options options);
  // Stops the server where finish was not called.
  ~RecoveredBackup();

  // Starts, replays and returns once there is nothing more to replay.
  Result<void> begin(Duration limit, const world::Cancellation& cancellation);
  // REQUIRES: begin succeeded.
  ConnectionOptions connection() const;

  // Stops the server and removes what belongs to no backup. Then the manifest describes the
  // directory as it is; `manifest` is that of the backup, whose checksums are kept for files that
  // have not been written to. Nothing is synced.
  Result<Manifest> finish(const Manifest& manifest, const world::Cancellation& cancellation);

 private:
  struct Stamps;

  Result<void> make_surroundings();
  Result<void> give_away(const std::string& path) const;
  Result<void> start_standby(Duration limit, const world::Cancellation& cancellation);
  Result<void> start_as_after_crash(Duration limit, const world::Cancellation& cancellation);
  Result<void> wait_for_end_of_replay(const world::Cancellation& cancellation);
  Result<Lsn> end_of_checkpoint(const ControlData& control,
                                const world::Cancellation& cancellation) const;
  Result<void> remove_wal(const ControlData& control) const;
  Result<Manifest> describe(const Manifest& before, const ControlData& control,
                            const world::Cancellation& cancellation) const;

  world::Processes& processes_;
  Options options_;
  std::string surroundings_;  // socket, log and configuration, in /tmp
  std::unique_ptr<Server> server_;
  std::unique_ptr<Stamps> stamps_;
  Lsn end_ = 0;
  bool is_standby_ = true;
};

}  // namespace pawl::postgres
