#pragma once

#include <string>

#include "base/result.h"
#include "json/value.h"
#include "restore/settings.h"

namespace pawl::restore::questions {

// One restore as a question names it, checked against the configuration.
struct Asked {
  std::string cluster, target_cluster, date;
  Region source, target;
};

// Errors: not_found for a cluster or region that the configuration does not have, with the one that
// was meant; invalid_argument for what can be no name and no date.
Result<Asked> read_asked(const Settings& settings, const json::Value& event);

}  // namespace pawl::restore::questions
