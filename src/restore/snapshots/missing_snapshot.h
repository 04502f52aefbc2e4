#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "restore/settings.h"

namespace pawl::restore {

// What was looked for and is in neither tier of the region.
struct MissingSnapshot {
  std::string region, cluster, date;
  std::string_view region_option = "--from";  // of the verb that looked for it
};

// The one error for a snapshot that is not there; pipelines catch it under a name of its own. Its
// hint has the dates that are there, and which other region has what was looked for.
Error missing_snapshot(const Settings& settings, const MissingSnapshot& missing);

}  // namespace pawl::restore
