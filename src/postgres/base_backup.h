#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "postgres/connection.h"
#include "postgres/file_copy.h"
#include "postgres/manifest.h"
#include "world/cancellation.h"
#include "world/processes.h"

namespace pawl::postgres {

// How many bytes may be written, or nothing where there is no limit. Error: out_of_space where that
// is less than `needed`.
using SpaceFor = std::function<Result<std::optional<uint64_t>>(uint64_t needed)>;

struct BackupOptions {
  ConnectionOptions server;
  std::string target;   // becomes a data directory; must be empty or missing
  std::string account;  // owner of the target when we are root
  std::string binaries = "/usr/lib/postgresql/15/bin";
  int threads = 4;
  SpaceFor space = [](uint64_t) { return std::optional<uint64_t>(); };
};

// A base backup that a server can be started from. Its backup_manifest is written and satisfies
// pg_verifybackup; nothing is synced yet.
struct Backup {
  uint32_t timeline = 1;
  Lsn start = 0, stop = 0;
  std::string engine_version;
  Manifest manifest;
};

// Through the network with pg_basebackup, whose WAL streams along. Progress is what the target
// holds against the size of all databases, an estimate.
Result<Backup> stream_backup(world::Processes& processes, const BackupOptions& options,
                             const CopyProgress& progress, const world::Cancellation& cancellation);

// From the files of a running primary server: pg_backup_start, a parallel copy of the data
// directory, pg_backup_stop, and the WAL in between, which a temporary replication slot keeps from
// being removed.
Result<Backup> copy_running_server(const std::string& data_directory, const BackupOptions& options,
                                   const CopyProgress& progress,
                                   const world::Cancellation& cancellation);

}  // namespace pawl::postgres
