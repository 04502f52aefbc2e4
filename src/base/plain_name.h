#pragma once

#include <cstddef>
#include <string_view>

namespace pawl {

// Whether it may stand in an ARN as a name: 1 to that many characters, no blanks, wildcards,
// brackets, control characters or others that mean something there.
bool is_plain_name(std::string_view name, size_t characters_max);

}  // namespace pawl
