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

// The region that batches are kept in: where the server is at home, or else the first. Error:
// invalid_argument where there is no region.
Result<const Region*> home_region(const Settings& settings);

// Of which cluster a snapshot is, and between which regions it goes.
struct Way {
  std::string cluster, source_region, target_region;
};
// Whether the snapshot in the target region is a copy: in the region of its cluster it is the
// original, which is neither moved nor removed.
bool is_copy_at_target(const Settings& settings, const Way& way);

// A cluster to restore onto may be new, so any name is one; but a region's name is a mistake that
// would make a cluster of it. Error: invalid_argument.
Result<void> check_target_name(const Settings& settings, const std::string& name);

}  // namespace pawl::restore
