#include "execution/numbered_uuid.h"

#include <charconv>

#include "base/text.h"

namespace pawl::execution {

std::string hex16(uint64_t number) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + 16, number, 16).ptr;
  const auto size = static_cast<size_t>(end - digits);
  return std::string(16 - size, '0') + std::string(digits, size);
}

std::string numbered_uuid(std::string_view mark, int64_t number) {
  const std::string last = hex16(static_cast<uint64_t>(number));
  return concat(mark.substr(0, 8), "-", mark.substr(8, 4), "-", mark.substr(12), "-",
                last.substr(0, 4), "-", last.substr(4));
}

std::optional<int64_t> number_of_uuid(std::string_view text) {
  if (text.size() != uuid_size) return std::nullopt;
  const std::string digits = concat(text.substr(19, 4), text.substr(24));
  uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, number, 16).ptr != end) return std::nullopt;
  return static_cast<int64_t>(number);
}

}  // namespace pawl::execution
