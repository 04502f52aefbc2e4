#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pawl::world {

// The programs of that name that may be run from the folders of PATH, in its order.
std::vector<std::string> programs_named(std::string_view name);

}  // namespace pawl::world
