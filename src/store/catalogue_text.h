#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/catalogue.h"

namespace pawl::store {

// Lists within a row, as JSON text: [["key","value"],…] and [[version,weight],…].
std::string text_of(const std::vector<Tag>& tags);
std::string text_of(const std::vector<Route>& routes);
// Error: corrupt.
Result<std::vector<Tag>> read_tags(std::string_view text);
Result<std::vector<Route>> read_routes(std::string_view text);

}  // namespace pawl::store
