#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "restore/instances/instance_server.h"
#include "restore/provider.h"

namespace pawl::restore {

struct VerifyOptions {
  const Settings& settings;
  world::Processes& processes;
  // Whether the server may be stopped for the page check: not while it serves.
  bool may_stop;
  const Report& report;
  const world::Cancellation& cancellation;
};

// Compares a restored server with its snapshot. Where the cluster has page checksums, the server is
// stopped and pg_checksums reads every page of every relation: a backup may hold torn pages until
// its WAL has been replayed, so it can only be done after the first start. Then it is started
// again, and version, schemas, tables, row counts and checksums are compared with the inventory.
Result<Verification> verify_instance(InstanceServer& server, const Snapshot& snapshot,
                                     const VerifyOptions& options);

}  // namespace pawl::restore
