#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::transfers {

bool is_gzip(std::string_view bytes);
// Error: corrupt, or limit_exceeded where there is more in it.
Result<std::string> gunzip(std::string_view bytes, uint64_t bytes_max);

}  // namespace pawl::transfers
