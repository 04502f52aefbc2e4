#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "json/parse.h"
#include "restore/known.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/snapshots/missing_snapshot.h"
#include "restore/snapshots/snapshot.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

Result<Snapshot> read_snapshot(const std::string& directory) {
  const std::string path = directory + "/snapshot.json";
  const auto parsed = json::parse(TRY(world::read_file(path)));
  if (!parsed) return Error(ErrorCode::corrupt, concat(path, " is no JSON"));
  auto snapshot = snapshot_from_json(*parsed);
  if (!snapshot) return std::move(snapshot).error().within(path);
  snapshot->directory = directory;
  return snapshot;
}

}  // namespace

Result<std::vector<Snapshot>> Catalogue::list(const std::string& region,
                                              const std::string& cluster) const {
  const Region* place = TRY(known_region(settings_, region));
  TRY(check_cluster_name(cluster));
  const Layout layout(*place);
  const std::string directory = world::parent_directory(layout.snapshot(cluster, "any"));
  std::vector<Snapshot> snapshots;
  if (!world::is_directory(directory)) return snapshots;
  // Dates sort as text.
  for (const std::string& date : TRY(world::list_directory(directory))) {
    const std::string path = layout.snapshot(cluster, date);
    if (!is_date(date) || !world::exists(path + "/snapshot.json")) continue;
    snapshots.push_back(TRY(read_snapshot(path)));
    snapshots.back().region = region;
  }
  return snapshots;
}

Result<Snapshot> Catalogue::find(const std::string& region, const std::string& cluster,
                                 const std::string& date) const {
  TRY(check_snapshot_date(date));
  auto snapshots = TRY(list(region, cluster));
  if (date == "latest" && !snapshots.empty()) return std::move(snapshots.back());
  for (Snapshot& snapshot : snapshots) {
    if (snapshot.date == date) return std::move(snapshot);
  }
  return missing_snapshot(settings_, {region, cluster, date});
}

Result<std::optional<Snapshot>> Catalogue::copy_of(const Snapshot& snapshot,
                                                   const std::string& region) const {
  const Region* place = TRY(known_region(settings_, region));
  // What an archive holds may be all that there is of it, and the copy would be archived over it.
  if (snapshot.region != region) {
    const auto archived = TRY(find_archived(settings_, region, {snapshot.cluster, snapshot.date}));
    if (archived && !is_same(archived->snapshot, snapshot)) return place_is_taken(snapshot, region);
  }
  const std::string directory = Layout(*place).snapshot(snapshot.cluster, snapshot.date);
  if (!world::exists(directory + "/snapshot.json")) return std::optional<Snapshot>();
  Snapshot copy = TRY(read_snapshot(directory));
  copy.region = region;
  if (!is_same(copy, snapshot)) return place_is_taken(snapshot, region);
  return std::optional<Snapshot>(std::move(copy));
}

bool is_same(const Snapshot& one, const Snapshot& other) {
  return one.taken == other.taken && one.system_identifier == other.system_identifier;
}

Error place_is_taken(const Snapshot& snapshot, const std::string& region) {
  return Error(ErrorCode::already_exists,
               concat("region ", region, " has another snapshot of ", snapshot.cluster, " of ",
                      snapshot.date),
               concat("`pawl snapshot delete ", snapshot.cluster, " ", snapshot.date, " --region ",
                      region, "` removes that one; or choose another date."));
}

}  // namespace pawl::restore
