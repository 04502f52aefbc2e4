#pragma once

#include <string>
#include <string_view>

namespace pawl::asl::jsonata {

// One character for one, as Unicode has it.
char32_t simple_upper(char32_t character);
char32_t simple_lower(char32_t character);

// Whole texts, where one character may become several ("ß" becomes "SS").
std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);

}  // namespace pawl::asl::jsonata
