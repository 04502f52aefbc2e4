#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "restore/settings.h"

namespace pawl::restore {

// What the configuration knows under that name. Error: not_found, whose hint says which name was
// meant, or which there are.
Result<const Cluster*> known_cluster(const Settings& settings, const std::string& name);
Result<const Region*> known_region(const Settings& settings, const std::string& name);

// "latest" or a day of the calendar as YYYY-MM-DD. Error: invalid_argument.
Result<void> check_snapshot_date(const std::string& date);

// The one error for a snapshot that is not there; pipelines catch it under a name of its own.
struct MissingSnapshot {
  const Settings& settings;
  std::string region, cluster, date;
};
Error missing_snapshot(const MissingSnapshot& missing, const std::vector<std::string>& dates);

}  // namespace pawl::restore
