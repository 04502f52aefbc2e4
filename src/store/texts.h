#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/sqlite.h"

namespace pawl::store {

// Texts that are kept once by their content: definitions, and whatever is large. None is ever
// removed yet.

// An input, an output or a part of a record is large from here on.
constexpr size_t large_text_bytes_min = 16 << 10;

// The row of the text, which is written where there is none with this content, and again where that
// row is damaged: what it ought to hold is at hand.
Result<int64_t> text_id(Connection& connection, std::string_view text);
// Its row where it is large.
Result<std::optional<int64_t>> large_text_id(Connection& connection, std::string_view text);

// Error: corrupt, where there is no such row, or it holds another text than its hash is of.
Result<std::string> read_text(Connection& connection, int64_t id);

}  // namespace pawl::store
