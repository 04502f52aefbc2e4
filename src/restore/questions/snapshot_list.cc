#include "base/text.h"
#include "base/time.h"
#include "json/parse.h"
#include "restore/known.h"
#include "restore/questions/questions.h"
#include "world/files.h"

namespace pawl::restore::questions {
namespace {

json::Value row_of(const Snapshot& snapshot, const char* tier) {
  return json::Value::object({{"cluster", snapshot.cluster},
                              {"region", snapshot.region},
                              {"date", snapshot.date},
                              {"taken", format_instant(snapshot.taken)},
                              {"bytes", snapshot.bytes},
                              {"files", snapshot.files},
                              {"tables", snapshot.inventory.tables.size()},
                              {"rows", snapshot.inventory.rows()},
                              {"tier", tier}});
}

// The folders of clusters that have snapshots, or an archive, in the region.
Result<std::vector<std::string>> clusters_in(const std::string& folder,
                                             const std::optional<std::string>& wanted) {
  std::vector<std::string> clusters;
  if (!world::is_directory(folder)) return clusters;
  for (std::string& name : TRY(world::list_directory(folder))) {
    if (wanted && *wanted != name) continue;
    if (check_cluster_name(name)) clusters.push_back(std::move(name));
  }
  return clusters;
}

Result<void> add_archived(const Region& region, const std::optional<std::string>& wanted,
                          json::Value::Array& rows) {
  for (const std::string& cluster : TRY(clusters_in(region.directory + "/archive", wanted))) {
    const std::string folder = Layout(region).archive(cluster);
    for (const std::string& name : TRY(world::list_directory(folder))) {
      // The description is written last: without it the archive is not whole.
      if (!name.ends_with(".json")) continue;
      const auto value = json::parse(TRY(world::read_file(concat(folder, "/", name))));
      const auto snapshot = value ? snapshot_from_json(*value) : value.error();
      if (!snapshot) return Error(ErrorCode::corrupt, concat(folder, "/", name, " is unreadable"));
      rows.push_back(row_of(*snapshot, "archive").with("region", region.name));
    }
  }
  return {};
}

}  // namespace

Result<json::Value> snapshot_list(Services& services, const functions::Call& call) {
  const auto wanted = call.event.string_at("cluster_name");
  if (wanted) TRY(check_cluster_name(*wanted));
  json::Value::Array rows;
  for (const Region& region : TRY(regions_of(services.settings, call.event))) {
    for (const std::string& cluster : TRY(clusters_in(region.directory + "/snapshots", wanted))) {
      for (const Snapshot& snapshot : TRY(services.catalogue.list(region.name, cluster))) {
        rows.push_back(row_of(snapshot, "standard").with("region", region.name));
      }
    }
    TRY(add_archived(region, wanted, rows));
  }
  // Of a cluster that has left the configuration there may still be some.
  if (rows.empty() && wanted) TRY(known_cluster(services.settings, *wanted));
  return json::Value::object({{"snapshots", std::move(rows)}});
}

}  // namespace pawl::restore::questions
