#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace pawl::json {

// Whether a text is UTF-8, as all of JSON is.
bool is_utf8(std::string_view text);

// The character of `text` that begins there, for a message about it: 'b' (code 98), and
// 'é' (code 233 / 0xe9). Where none begins there that is UTF-8, the byte alone, as a number.
// REQUIRES: at < text.size().
std::string shown_character(std::string_view text, size_t at);

// The value written in an RFC 8259 text. Errors (invalid_argument) name the line and column where
// they can. Nesting deeper than `depth_max` is refused. Error: limit_exceeded, where a number is
// too large.
Result<Value> parse(std::string_view text);

constexpr size_t depth_max = 500;

}  // namespace pawl::json
