#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace pawl::json {

// Compact JSON: no blanks, members in their order, reals in the shortest form that reads back. What
// is no UTF-8 in a string, as a damaged file has it, becomes U+FFFD: no reader takes other bytes.
std::string write(const Value& value);
void append(std::string& out, const Value& value);
// The text as a JSON string, quotes included.
void append_string(std::string& out, std::string_view text);

// Two blanks of indentation, for people.
std::string write_pretty(const Value& value);

}  // namespace pawl::json
