#include "asl/jsonata/text/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace pawl::asl::jsonata {
namespace {

struct Decimal {
  std::string digits;  // without the point
  int point = 0;       // how many digits stand before it; may lie outside of them
};

// The shortest digits that read back as the number. REQUIRES: finite and positive.
Decimal shortest(double number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<size_t>(end.ptr - buffer.data()));
  const size_t exponent_at = text.find('e');
  Decimal decimal;
  for (char c : text.substr(0, exponent_at))
    if (c != '.') decimal.digits += c;
  auto exponent = text.substr(exponent_at + 1);
  if (exponent[0] == '+') exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.point);
  ++decimal.point;
  return decimal;
}

std::optional<double> read_decimal(std::string_view text) {
  double number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ptr != text.data() + text.size()) return std::nullopt;
  if (end.ec == std::errc::result_out_of_range) {
    const bool is_tiny = text.find("e-") != text.npos || text.find("E-") != text.npos;
    if (!is_tiny) return std::nullopt;
    return 0.0;
  }
  return end.ec == std::errc() ? std::optional(number) : std::nullopt;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// -?digits[.digits][e[+-]digits]
bool is_decimal(std::string_view text) {
  size_t at = 0;
  const auto digits = [&] {
    const size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > begin;
  };
  if (at < text.size() && text[at] == '-') ++at;
  if (!digits()) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!digits()) return false;
  }
  return at == text.size();
}

double shifted(double number, int places) {
  if (number == 0 || !std::isfinite(number)) return number;
  const Decimal decimal = shortest(std::abs(number));
  const std::string text = "0." + decimal.digits + "e" + std::to_string(decimal.point + places);
  double result = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), result);
  if (end.ec == std::errc::result_out_of_range)
    result = decimal.point + places > 0 ? HUGE_VAL : 0.0;
  return std::copysign(result, number);
}

}  // namespace

std::string number_text(double number) {
  constexpr int fixed_point_max = 21, fixed_point_min = -6;
  if (std::isnan(number)) return "NaN";
  constexpr double digits_end = 1e15;
  if (std::abs(number) < digits_end && number == std::trunc(number))
    return std::to_string(static_cast<int64_t>(number));
  const std::string sign = number < 0 ? "-" : "";
  if (std::isinf(number)) return sign + "Infinity";
  const Decimal decimal = shortest(std::abs(number));
  const int count = static_cast<int>(decimal.digits.size()), point = decimal.point;
  if (point >= count && point <= fixed_point_max)
    return sign + decimal.digits + std::string(static_cast<size_t>(point - count), '0');
  if (point > 0 && point <= fixed_point_max)
    return sign + decimal.digits.substr(0, static_cast<size_t>(point)) + "." +
           decimal.digits.substr(static_cast<size_t>(point));
  if (point > fixed_point_min && point <= 0)
    return sign + "0." + std::string(static_cast<size_t>(-point), '0') + decimal.digits;
  std::string text = sign + decimal.digits.substr(0, 1);
  if (count > 1) text += "." + decimal.digits.substr(1);
  return text + (point > 0 ? "e+" : "e-") + std::to_string(std::abs(point - 1));
}

double with_precision(double number, int digits) {
  if (number == 0 || !std::isfinite(number)) return number;
  std::array<char, 64> buffer;
  // The shortest form is usually short enough.
  const auto shortest_end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  if (shortest_end.ptr - buffer.data() <= digits) return number;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific, digits - 1);
  double result = 0;
  std::from_chars(buffer.data(), end.ptr, result);
  return result;
}

double round_half_even(double number, int places) {
  if (!std::isfinite(number)) return number;
  const double scaled = places == 0 ? number : shifted(number, places);
  if (!std::isfinite(scaled)) return number;
  double rounded = std::floor(scaled + 0.5);
  if (std::abs(scaled) >= 0x1p52) rounded = scaled;
  if (std::abs(rounded - scaled) == 0.5 && std::fmod(std::abs(rounded), 2) == 1) rounded -= 1;
  const double result = places == 0 ? rounded : shifted(rounded, -places);
  return result == 0 ? 0.0 : result;
}

std::string number_in_base(double number, int base) {
  if (base == 10 || !std::isfinite(number)) return number_text(number);
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string text;
  double rest = std::abs(std::trunc(number));
  do {
    const double digit = std::fmod(rest, base);
    text.insert(text.begin(), digits[static_cast<size_t>(digit)]);
    rest = (rest - digit) / base;
  } while (rest >= 1);
  return number < 0 ? "-" + text : text;
}

std::string fixed_text(double number, int places) {
  if (!std::isfinite(number)) return number_text(number);
  std::array<char, 800> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::fixed, std::min(places, 400));
  return std::string(buffer.data(), end.ptr);
}

std::optional<double> read_number(std::string_view text) {
  if (is_decimal(text)) return read_decimal(text);
  if (text.size() < 3 || text[0] != '0') return std::nullopt;
  const char letter = static_cast<char>(text[1] | 0x20);
  const int base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
  if (base == 0) return std::nullopt;
  double number = 0;
  for (char c : text.substr(2)) {
    const int digit = is_digit(c)                              ? c - '0'
                      : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                               : base;
    if (digit >= base) return std::nullopt;
    number = number * base + digit;
  }
  return number;
}

}  // namespace pawl::asl::jsonata
