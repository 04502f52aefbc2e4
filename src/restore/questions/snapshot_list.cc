#include <map>
#include <set>

#include "restore/known.h"
#include "restore/questions/questions.h"
#include "restore/questions/snapshot_row.h"
#include "restore/snapshots/archive_tier.h"
#include "world/files.h"

namespace pawl::restore::questions {
namespace {

// The clusters that have snapshots, or an archive, in the region.
Result<std::set<std::string>> clusters_in(const Region& region,
                                          const std::optional<std::string>& wanted) {
  std::set<std::string> clusters;
  for (const char* tier : {"/snapshots", "/archive"}) {
    const std::string folder = region.directory + tier;
    if (!world::is_directory(folder)) continue;
    for (std::string& name : TRY(world::list_directory(folder))) {
      const bool is_meant = !wanted || *wanted == name;
      if (is_meant && check_cluster_name(name)) clusters.insert(std::move(name));
    }
  }
  return clusters;
}

// Oldest first; what is in both tiers is one snapshot.
Result<std::map<std::string, json::Value>> by_date(Services& services, const std::string& region,
                                                   const std::string& cluster) {
  std::map<std::string, json::Value> rows;
  for (const Snapshot& snapshot : TRY(services.catalogue.list(region, cluster))) {
    rows[snapshot.date] = snapshot_row(snapshot).with("tier", "standard");
  }
  for (const Archived& archived : TRY(list_archived(services.settings, region, cluster))) {
    const std::string& date = archived.snapshot.date;
    const bool is_in_both = rows.contains(date);
    const json::Value row = is_in_both ? rows[date] : snapshot_row(archived.snapshot);
    rows[date] =
        row.with("tier", is_in_both ? "both" : "archive").with("archive_bytes", archived.bytes);
  }
  return rows;
}

}  // namespace

Result<json::Value> snapshot_list(Services& services, const functions::Call& call) {
  const auto wanted = call.event.string_at("cluster_name");
  if (wanted) TRY(check_cluster_name(*wanted));
  json::Value::Array rows;
  for (const Region& region : TRY(regions_of(services.settings, call.event))) {
    for (const std::string& cluster : TRY(clusters_in(region, wanted))) {
      for (const auto& [date, row] : TRY(by_date(services, region.name, cluster))) {
        rows.push_back(row.with("region", region.name));
      }
    }
  }
  // Of a cluster that has left the configuration there may still be some.
  if (rows.empty() && wanted) TRY(known_cluster(services.settings, *wanted));
  return json::Value::object({{"snapshots", std::move(rows)}});
}

}  // namespace pawl::restore::questions
