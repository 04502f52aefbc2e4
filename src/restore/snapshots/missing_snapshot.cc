#include "restore/snapshots/missing_snapshot.h"

#include <set>
#include <vector>

#include "base/text.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/snapshots/snapshot.h"

namespace pawl::restore {
namespace {

// Of both tiers. What cannot be read is passed over: this is only for a hint.
std::set<std::string> dates_in(const Settings& settings, const std::string& region,
                               const std::string& cluster) {
  std::set<std::string> dates;
  if (const auto whole = Catalogue(settings).list(region, cluster)) {
    for (const Snapshot& snapshot : *whole) dates.insert(snapshot.date);
  }
  if (const auto archived = list_archived(settings, region, cluster)) {
    for (const Archived& one : *archived) dates.insert(one.snapshot.date);
  }
  return dates;
}

std::string listed(const std::set<std::string>& dates) {
  return join({dates.begin(), dates.end()}, ", ");
}

std::string here(const Settings& settings, const MissingSnapshot& missing) {
  const auto dates = dates_in(settings, missing.region, missing.cluster);
  if (!dates.empty()) return concat("There are snapshots of ", listed(dates), ".");
  const auto source = settings.clusters.find(missing.cluster);
  // Only there can one be taken.
  const bool can_be_taken =
      source != settings.clusters.end() && source->second.region == missing.region;
  return concat("There is none of it in ", missing.region, " yet",
                can_be_taken ? concat("; `pawl snapshot take ", missing.cluster, "` takes one.")
                             : std::string("."));
}

// The other regions that could stand in.
std::string elsewhere(const Settings& settings, const MissingSnapshot& missing) {
  std::string text;
  for (const auto& [name, unused] : settings.regions) {
    if (name == missing.region) continue;
    const auto dates = dates_in(settings, name, missing.cluster);
    const bool has_it = missing.date == "latest" ? !dates.empty() : dates.contains(missing.date);
    if (!has_it) continue;
    text += concat(" ", name, " has ",
                   missing.date == "latest" ? concat("those of ", listed(dates))
                                            : concat("the one of ", missing.date),
                   ": ", missing.region_option, " ", name, ".");
  }
  return text;
}

}  // namespace

Error missing_snapshot(const Settings& settings, const MissingSnapshot& missing) {
  const auto& [region, cluster, date, unused] = missing;
  return Error(ErrorCode::not_found,
               date == "latest" ? concat("no snapshot of ", cluster, " in ", region)
                                : concat("no snapshot of ", cluster, " of ", date, " in ", region),
               here(settings, missing) + elsewhere(settings, missing))
      .with_kind("Restore.SnapshotNotFound");
}

}  // namespace pawl::restore
