#pragma once

#include <string>

#include "cli/verb.h"

namespace pawl::cli {

// Before what cannot be undone: `warning` says what will happen, and `word` must be typed. Errors:
// permission_denied where nobody can be asked; cancelled.
Result<void> confirm(const Session& session, const std::string& warning, const std::string& word);

}  // namespace pawl::cli
