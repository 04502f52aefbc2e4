#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::execution {

// Ids by which what they name is found again: a UUID whose last half is a number.
//
//   6b0e61c4-3a52-97b1-0000-00000000002a
constexpr size_t uuid_size = 36;

// In hexadecimal, 16 digits.
std::string hex16(uint64_t number);
// `mark` is the first half: 16 digits of hexadecimal.
std::string numbered_uuid(std::string_view mark, int64_t number);
// Nothing where the text is of another length or the last half no number. The first half and the
// dashes are not looked at.
std::optional<int64_t> number_of_uuid(std::string_view text);

}  // namespace pawl::execution
