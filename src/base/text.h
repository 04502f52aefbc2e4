#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace pawl {

namespace text_detail {
inline void append(std::string& out, std::string_view piece) { out += piece; }
inline void append(std::string& out, char piece) { out += piece; }
template <typename Number>
requires(std::is_arithmetic_v<Number> &&
         !std::is_same_v<Number, char>) void append(std::string& out, Number number) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end.ptr);
}
}  // namespace text_detail

// The pieces one after another; numbers in their shortest decimal form.
template <typename... Pieces>
std::string concat(const Pieces&... pieces) {
  std::string out;
  (text_detail::append(out, pieces), ...);
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& pieces, std::string_view separator);
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);
// The whole text as a number, or nothing.
std::optional<int64_t> parse_integer(std::string_view text);
std::optional<double> parse_number(std::string_view text);

// The candidate that is written most like `word`, where one is like it at all.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// "1.4 GB", "12 kB": decimal units, as disks are sold.
std::string format_bytes(uint64_t bytes);
// "500", "20kB", "1.5GB", "2GiB" as a number of bytes.
std::optional<uint64_t> parse_bytes(std::string_view text);

// Where the piece stands in the text, from there on, or npos; in time that grows with the two
// lengths added, not multiplied.
size_t find_text(std::string_view text, std::string_view piece, size_t from = 0);

}  // namespace pawl
