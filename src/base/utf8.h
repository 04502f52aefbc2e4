#pragma once

#include <string>
#include <string_view>

namespace pawl {

// Bytes as text: what is no UTF-8 becomes U+FFFD, a byte each.
std::string with_replacements(std::string_view bytes);

}  // namespace pawl
