#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "restore/settings.h"
#include "restore/snapshots/copy.h"
#include "restore/snapshots/snapshot.h"
#include "world/cancellation.h"
#include "world/processes.h"

namespace pawl::restore {

// The compressed tier: archive/<cluster>/<date>.tar.zst, a tar file that any tar reads, and beside
// it <date>.json, which is the snapshot's description and is written last.
struct Archived {
  Snapshot snapshot;
  std::string file;
  uint64_t bytes = 0;  // compressed
};

// Writes the archive and reads it back through the checksums before it counts. The snapshot itself
// stays; where it is archived already, nothing happens. Errors: already_exists where the archive of
// the date is another snapshot's; out_of_space; failed.
Result<Archived> archive(const Settings& settings, world::Processes& processes,
                         const Snapshot& snapshot, const world::Cancellation& cancellation);

// What cleanup_snapshot has to say where archiving has moved the copy before.
inline constexpr std::string_view nothing_to_clean_up =
    "cleanup_snapshot removes nothing: the copy is moved into the archive before; with "
    "\"archive\": false it is removed instead";

struct ClusterDate {
  std::string cluster, date;
};
// The archive of that date in the region, or nothing.
Result<std::optional<Archived>> find_archived(const Settings& settings, const std::string& region,
                                              const ClusterDate& wanted);

// The archives of a region, oldest first.
Result<std::vector<Archived>> list_archived(const Settings& settings, const std::string& region,
                                            const std::string& cluster);

// Makes a snapshot of its region out of an archive again, every byte checked against its manifest.
// Where the snapshot is there, nothing happens. Errors: not_found; corrupt; out_of_space.
// remove_unpacked removes it again.
Result<Snapshot> unarchive(const Settings& settings, world::Processes& processes,
                           const Archived& archived, const world::Cancellation& cancellation);

// Removes what unarchive has made, once nobody uses it any more and while the archive has it.
Result<void> remove_unpacked(const Settings& settings, const Region& region,
                             const Snapshot& snapshot);

}  // namespace pawl::restore
