#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::store {

// The key of a page's last row, made opaque. A token says what was asked, so that one list's token
// is refused by another, and stays good whatever is added or removed meanwhile.
std::string make_page_token(std::string_view list, std::string_view key);
// The key again. Error: InvalidToken.
Result<std::string> read_page_token(std::string_view list, std::string_view token);

}  // namespace pawl::store
