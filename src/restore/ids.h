#pragma once

#include <string>

#include "base/result.h"
#include "restore/settings.h"

namespace pawl::restore {

// Operations and batches share one namespace: whoever asks for a report says an id and no more, and
// what took the other's id would hide it. Errors: already_exists; invalid_argument for what can be
// no id.
Result<void> check_is_no_batch(const Settings& settings, const std::string& id);
Result<void> check_is_no_operation(const Settings& settings, const std::string& id);

}  // namespace pawl::restore
