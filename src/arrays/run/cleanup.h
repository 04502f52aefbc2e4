#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arrays/services.h"
#include "base/result.h"

namespace pawl::arrays {

// A run that is half removed has another name, under which nobody takes it for a run. No run has
// it: an escaped name does not begin with a dot.
constexpr std::string_view removed_prefix = ".removed-";
std::string removed_directory(const Services& services, const std::string& run);

// Whether it was there. May be called again after a crash: what says which run it is goes last.
Result<bool> remove_from_volume(const Services& services, const std::string& run);

// Several at once.
Result<void> remove_trees(const std::vector<std::string>& trees);

}  // namespace pawl::arrays
