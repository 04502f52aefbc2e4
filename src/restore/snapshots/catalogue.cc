#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "json/parse.h"
#include "restore/known.h"
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
  const std::string directory = Layout(*place).snapshot(snapshot.cluster, snapshot.date);
  if (!world::exists(directory + "/snapshot.json")) return std::optional<Snapshot>();
  Snapshot copy = TRY(read_snapshot(directory));
  copy.region = region;
  const bool is_same =
      copy.taken == snapshot.taken && copy.system_identifier == snapshot.system_identifier;
  if (is_same) return std::optional<Snapshot>(std::move(copy));
  return Error(ErrorCode::already_exists,
               concat("region ", region, " has another snapshot of ", snapshot.cluster, " of ",
                      snapshot.date),
               concat("`pawl snapshot delete ", snapshot.cluster, " ", snapshot.date, " --region ",
                      region, "` removes that one; or choose another date."));
}

}  // namespace pawl::restore
