#pragma once

#include <string>
#include <string_view>

namespace pawl {

// json::is_utf8 is faster, and takes a library that not every program has.
bool is_all_utf8(std::string_view bytes);

// Bytes as text: what is no UTF-8 becomes U+FFFD, a byte each.
std::string with_replacements(std::string_view bytes);

}  // namespace pawl
