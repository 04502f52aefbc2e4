#include <algorithm>
#include <cmath>
#include <numeric>

#include "asl/jsonata/picture/number_picture.h"
#include "asl/jsonata/text/number_text.h"
#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

// What a sub-picture asks for, in numbers.
struct Layout {
  std::u32string prefix, suffix;
  std::vector<size_t> integer_groups;   // places right of each separator
  std::vector<size_t> fraction_groups;  // places left of each separator
  size_t regular_group = 0;
  size_t integer_min = 0, scaling = 0;
  size_t fraction_min = 0, fraction_max = 0;
  size_t exponent_min = 0;
  bool has_percent = false, has_per_mille = false, has_decimal = false;
};

size_t count_digits(const std::u32string& text, const DecimalFormat& format) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [&](char32_t c) { return format.is_digit(c); }));
}

std::vector<size_t> group_places(const std::u32string& part, const DecimalFormat& format,
                                 bool to_left) {
  std::vector<size_t> places;
  for (size_t at = part.find(format.grouping); at != part.npos;
       at = part.find(format.grouping, at + 1)) {
    const auto middle = part.begin() + static_cast<ptrdiff_t>(at);
    places.push_back(static_cast<size_t>(
        std::count_if(to_left ? part.begin() : middle, to_left ? middle : part.end(),
                      [&](char32_t c) { return format.is_place(c); })));
  }
  return places;
}

size_t regular_distance(const std::vector<size_t>& places) {
  const size_t factor = std::accumulate(places.begin(), places.end(), size_t{0},
                                        [](size_t a, size_t b) { return std::gcd(a, b); });
  for (size_t index = 1; index <= places.size(); ++index)
    if (std::find(places.begin(), places.end(), index * factor) == places.end()) return 0;
  return factor;
}

Layout analyse(const SubPicture& part, const DecimalFormat& format) {
  Layout layout;
  layout.prefix = part.prefix;
  layout.suffix = part.suffix;
  layout.integer_groups = group_places(part.integer, format, false);
  layout.regular_group = regular_distance(layout.integer_groups);
  layout.fraction_groups = group_places(part.fraction, format, true);
  layout.integer_min = layout.scaling = count_digits(part.integer, format);
  layout.fraction_min = count_digits(part.fraction, format);
  layout.fraction_max = static_cast<size_t>(std::count_if(
      part.fraction.begin(), part.fraction.end(), [&](char32_t c) { return format.is_place(c); }));
  if (layout.integer_min == 0 && layout.fraction_max == 0) {
    if (part.has_exponent)
      layout.fraction_min = layout.fraction_max = 1;
    else
      layout.integer_min = 1;
  }
  if (part.has_exponent && layout.integer_min == 0 &&
      part.integer.find(format.digit) != part.integer.npos)
    layout.integer_min = 1;
  if (layout.integer_min == 0 && layout.fraction_min == 0) layout.fraction_min = 1;
  if (part.has_exponent) layout.exponent_min = count_digits(part.exponent, format);
  layout.has_percent = part.whole.find(format.percent) != part.whole.npos;
  layout.has_per_mille = part.whole.find(format.per_mille) != part.whole.npos;
  layout.has_decimal = part.whole.find(format.decimal) != part.whole.npos;
  return layout;
}

std::u32string in_family(std::string_view digits, const DecimalFormat& format) {
  std::u32string out;
  for (const char c : digits)
    out += c >= '0' && c <= '9' ? format.zero[0] + static_cast<char32_t>(c - '0')
                                : static_cast<char32_t>(c);
  return out;
}

// The digits before and behind the decimal separator, as many as are needed.
struct Digits {
  std::u32string integer, fraction;
};

Digits digits_of(double mantissa, const Layout& layout, const DecimalFormat& format) {
  const auto places = static_cast<int>(layout.fraction_max);
  const std::string text = fixed_text(std::abs(round_half_even(mantissa, places)), places);
  const size_t point = text.find('.');
  std::string integer = text.substr(0, point);
  std::string fraction = point == text.npos ? "" : text.substr(point + 1);
  integer.erase(0, std::min(integer.find_first_not_of('0'), integer.size()));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (integer.size() < layout.integer_min)
    integer.insert(0, layout.integer_min - integer.size(), '0');
  if (fraction.size() < layout.fraction_min)
    fraction.append(layout.fraction_min - fraction.size(), '0');
  return {in_family(integer, format), in_family(fraction, format)};
}

void group_integer(std::u32string& digits, const Layout& layout, const DecimalFormat& format) {
  const size_t size = digits.size();
  if (layout.regular_group > 0) {
    for (size_t places = layout.regular_group; places < size; places += layout.regular_group)
      digits.insert(size - places, format.grouping);
    return;
  }
  auto groups = layout.integer_groups;
  std::sort(groups.begin(), groups.end());
  for (const size_t places : groups)
    if (places < size) digits.insert(size - places, format.grouping);
}

void group_fraction(std::u32string& digits, const Layout& layout, const DecimalFormat& format) {
  size_t inserted = 0;
  for (const size_t places : layout.fraction_groups) {
    if (places + inserted >= digits.size()) break;
    digits.insert(places + inserted, format.grouping);
    inserted += format.grouping.size();
  }
}

// Brings the number to as many digits before the separator as the picture has there.
int scale(double& mantissa, const Layout& layout) {
  const double most = std::pow(10, static_cast<double>(layout.scaling));
  const double least = most / 10;
  int exponent = 0;
  if (mantissa == 0 || !std::isfinite(mantissa)) return exponent;
  for (; std::abs(mantissa) < least; --exponent) mantissa *= 10;
  for (; std::abs(mantissa) > most; ++exponent) mantissa /= 10;
  return exponent;
}

std::string to_utf8(const std::u32string& text) {
  std::string out;
  for (const char32_t c : text) append_character(out, c);
  return out;
}

}  // namespace

std::u32string to_utf32(std::string_view text) {
  std::u32string out;
  for (size_t at = 0; at < text.size();) out += next_character(text, at);
  return out;
}

Result<std::string, Fault> format_number(double value, std::string_view picture,
                                         const DecimalFormat& format) {
  constexpr size_t picture_max = 1'000;
  const std::u32string text = to_utf32(picture);
  std::vector<SubPicture> parts;
  for (size_t at = 0; at != text.npos;) {
    const size_t end = text.find(format.pattern_separator, at);
    parts.push_back(SubPicture::split(std::u32string_view(text).substr(at, end - at), format));
    at = end == text.npos ? end : end + format.pattern_separator.size();
  }
  if (parts.size() > 2 || text.size() > picture_max) return Fault("D3080");
  for (const SubPicture& part : parts)
    if (const auto code = part.trouble(format); !code.empty()) return Fault(code);
  const bool is_negative = !(value >= 0);
  Layout layout = analyse(parts[is_negative ? parts.size() - 1 : 0], format);
  if (is_negative && parts.size() == 1) layout.prefix = format.minus + layout.prefix;
  if (!std::isfinite(value)) {
    const std::u32string name = to_utf32(number_text(std::abs(value)));
    return to_utf8(layout.prefix + name + layout.suffix);
  }
  double mantissa = layout.has_percent ? value * 100 : layout.has_per_mille ? value * 1000 : value;
  const int exponent = layout.exponent_min > 0 ? scale(mantissa, layout) : 0;
  Digits digits = digits_of(mantissa, layout, format);
  group_integer(digits.integer, layout, format);
  group_fraction(digits.fraction, layout, format);
  std::u32string out = layout.prefix + digits.integer;
  if (layout.has_decimal && !digits.fraction.empty()) out += format.decimal + digits.fraction;
  if (layout.exponent_min > 0) {
    std::string power = std::to_string(std::abs(exponent));
    if (power.size() < layout.exponent_min)
      power.insert(0, layout.exponent_min - power.size(), '0');
    out += format.exponent + (exponent < 0 ? format.minus : U"") + in_family(power, format);
  }
  return to_utf8(out + layout.suffix);
}

}  // namespace pawl::asl::jsonata
