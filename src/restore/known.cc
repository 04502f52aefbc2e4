#include "restore/known.h"

#include "base/text.h"
#include "base/time.h"

namespace pawl::restore {
namespace {

template <typename Named>
Result<const Named*> known(const std::map<std::string, Named>& all, std::string_view kind,
                           const std::string& name) {
  const auto found = all.find(name);
  if (found != all.end()) return &found->second;
  std::vector<std::string> names;
  for (const auto& [one, unused] : all) names.push_back(one);
  const auto meant = nearest(name, names);
  std::string hint = names.empty() ? concat("The server's configuration has no ", kind, ".")
                                   : concat("The configuration has ", join(names, ", "), ".");
  if (meant) hint = concat("Did you mean \"", *meant, "\"? ", hint);
  return Error(ErrorCode::not_found, concat("no ", kind, " \"", name, "\""), std::move(hint));
}

}  // namespace

Result<const Cluster*> known_cluster(const Settings& settings, const std::string& name) {
  return known(settings.clusters, "cluster", name);
}

Result<const Region*> known_region(const Settings& settings, const std::string& name) {
  return known(settings.regions, "region", name);
}

Result<void> check_snapshot_date(const std::string& date) {
  if (date == "latest" || is_date(date)) return {};
  return Error(ErrorCode::invalid_argument,
               concat("snapshot date \"", date, "\" is neither YYYY-MM-DD nor latest"));
}

Error missing_snapshot(const MissingSnapshot& missing, const std::vector<std::string>& dates) {
  const auto& [settings, region, cluster, date] = missing;
  const auto source = settings.clusters.find(cluster);
  // Only there can one be taken.
  const bool can_be_taken = source != settings.clusters.end() && source->second.region == region;
  std::string hint =
      dates.empty()
          ? concat("There is none of it in ", region, " yet",
                   can_be_taken ? concat("; `pawl snapshot take ", cluster, "` takes one.")
                                : std::string("."))
          : concat("There are snapshots of ", join(dates, ", "), ".");
  return Error(ErrorCode::not_found,
               date == "latest" ? concat("no snapshot of ", cluster, " in ", region)
                                : concat("no snapshot of ", cluster, " of ", date, " in ", region),
               std::move(hint))
      .with_kind("Restore.SnapshotNotFound");
}

}  // namespace pawl::restore
