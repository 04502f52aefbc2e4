#pragma once

#include <string>

#include "cli/verb.h"

namespace pawl::cli {

// ENABLED or DISABLED.
Result<int> set_state(const Session& session, const std::string& schedule,
                      const std::string& state);

}  // namespace pawl::cli
