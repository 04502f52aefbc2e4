#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pawl::world {

// PATH; the usual folders where it is not set.
std::string search_path();
// The programs of that name that may be run from the folders of PATH, in its order.
std::vector<std::string> programs_named(std::string_view name);

}  // namespace pawl::world
