#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "json/value.h"
#include "restore/layout.h"
#include "restore/settings.h"

namespace pawl::restore {

// One table as it was at a moment: its rows counted, and a checksum over their text that does not
// depend on their order.
struct TableInventory {
  std::string database, schema, name;
  int64_t rows = 0;
  std::string checksum;
  // Base backups leave the data of unlogged tables out: only the table itself is restored.
  bool is_unlogged = false;
  std::string full_name() const { return database + "." + schema + "." + name; }
};

struct Inventory {
  std::vector<std::string> databases;
  std::vector<std::string> schemas;  // "database.schema"
  std::vector<TableInventory> tables;
  int64_t rows() const;
  // Without those that come back empty.
  size_t table_count() const { return tables.size() - unlogged().size(); }
  // Names of the tables that come back empty.
  std::vector<std::string> unlogged() const;
};

// "unlogged tables come back empty, since backups leave their data out: …"; nothing where there are
// none.
std::optional<std::string> unlogged_warning(const Inventory& inventory);

// A snapshot: a PostgreSQL base backup with its manifest, and the inventory of the same moment.
struct Snapshot {
  std::string name;                   // "aurora-snapshot-<cluster>-<date>"
  std::string cluster, region, date;  // YYYY-MM-DD, UTC
  Instant taken;
  std::string engine_version;  // "15.18"
  std::string system_identifier;
  uint64_t bytes = 0;
  uint64_t files = 0;
  Inventory inventory;
  std::string directory;  // where it is; not part of snapshot.json

  // "taken on 2026-11-21 and named for 2026-11-19" where its name is another day's than its data.
  std::optional<std::string> note() const;
};

// The snapshots of a region, as its directory has them.
class Catalogue {
 public:
  Catalogue(const Settings& settings) : settings_(settings) {}

  // Whole snapshots only, oldest first. Error: corrupt where a snapshot.json cannot be read.
  Result<std::vector<Snapshot>> list(const std::string& region, const std::string& cluster) const;
  // `date` is YYYY-MM-DD or "latest", the newest that exists. Errors: invalid_argument for any
  // other text; not_found, whose hint names the dates that do exist.
  Result<Snapshot> find(const std::string& region, const std::string& cluster,
                        const std::string& date) const;
  // The snapshot's whole copy in another region, or nothing. Error: already_exists where another
  // snapshot has its place, there or in the archive.
  Result<std::optional<Snapshot>> copy_of(const Snapshot& snapshot,
                                          const std::string& region) const;

 private:
  const Settings& settings_;
};

// Two of one cluster and date need not be: one can be deleted and taken again.
bool is_same(const Snapshot& one, const Snapshot& other);
// Of copying or archiving a snapshot into a region where another one of its date is.
Error place_is_taken(const Snapshot& snapshot, const std::string& region);

json::Value to_json(const Snapshot& snapshot);
Result<Snapshot> snapshot_from_json(const json::Value& value);
json::Value to_json(const Inventory& inventory);
Result<Inventory> inventory_from_json(const json::Value& value);

}  // namespace pawl::restore
