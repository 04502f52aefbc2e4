#pragma once

#include <functional>

#include "base/result.h"
#include "postgres/connection.h"
#include "restore/snapshots/snapshot.h"
#include "world/cancellation.h"

namespace pawl::restore {

// Tables and their bytes as far as they are counted.
using InventoryProgress = std::function<void(uint64_t bytes_done, uint64_t bytes_total)>;

// Reads every table of every database once, in `connections` at a time, and sums up its rows and
// their checksums in the server. The user must be a superuser. Nobody may write meanwhile: there is
// no common snapshot across databases. A hot standby that replays nothing more, or a server that
// only we can reach, is the right place; docs/decisions/0005-inventory-moment.md says why.
//
// Materialised views count as tables, and so do large objects where there are any
// (pg_catalog.pg_largeobject). Rows of unlogged tables are not read. What a session sets (time
// zone, search path …) does not change a checksum.
Result<Inventory> take_inventory(const postgres::ConnectionOptions& server, int connections,
                                 const InventoryProgress& progress,
                                 const world::Cancellation& cancellation);

// What of `expected` is different in `actual`, a sentence each; empty where nothing is.
std::vector<std::string> differences(const Inventory& expected, const Inventory& actual);

}  // namespace pawl::restore
