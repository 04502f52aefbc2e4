#include <algorithm>

#include "asl/jsonata/picture/number_picture.h"

namespace pawl::asl::jsonata {
namespace {

constexpr size_t nowhere = std::u32string::npos;

bool occurs_twice(const std::u32string& text, const std::u32string& what) {
  return text.find(what) != text.rfind(what);
}

}  // namespace

bool DecimalFormat::set(std::string_view property, std::u32string text) {
  const std::map<std::string_view, std::u32string*> properties{
      {"decimal-separator", &decimal},
      {"grouping-separator", &grouping},
      {"exponent-separator", &exponent},
      {"minus-sign", &minus},
      {"percent", &percent},
      {"per-mille", &per_mille},
      {"zero-digit", &zero},
      {"digit", &digit},
      {"pattern-separator", &pattern_separator},
  };
  const auto found = properties.find(property);
  if (found == properties.end() || text.empty()) return false;
  *found->second = std::move(text);
  return true;
}

bool DecimalFormat::is_active(char32_t character) const {
  const std::u32string one(1, character);
  return is_place(character) || one == decimal || one == exponent || one == grouping ||
         one == pattern_separator;
}

SubPicture SubPicture::split(std::u32string_view picture, const DecimalFormat& format) {
  SubPicture part;
  part.whole = picture;
  const auto begins = [&](char32_t c) {
    return format.is_active(c) && std::u32string(1, c) != format.exponent;
  };
  const auto first = std::find_if(picture.begin(), picture.end(), begins);
  const auto last = std::find_if(picture.rbegin(), picture.rend(), begins);
  if (first != picture.end()) {
    part.prefix.assign(picture.begin(), first);
    part.suffix.assign(last.base(), picture.end());
  }
  const size_t active_size = picture.size() - part.prefix.size() - part.suffix.size();
  part.active = picture.substr(part.prefix.size(), active_size);
  const size_t exponent_at = part.active.find(format.exponent);
  part.has_exponent = exponent_at != nowhere;
  part.mantissa = part.active.substr(0, exponent_at);
  if (part.has_exponent) part.exponent = part.active.substr(exponent_at + 1);
  const size_t decimal_at = part.mantissa.find(format.decimal);
  part.integer = part.mantissa.substr(0, decimal_at);
  if (decimal_at != nowhere) part.fraction = part.mantissa.substr(decimal_at + 1);
  return part;
}

// Of several faults the last one counts, as in the reference.
std::string_view SubPicture::trouble(const DecimalFormat& format) const {
  const auto has = [&](const std::u32string& what) { return whole.find(what) != nowhere; };
  const auto digit = [&](char32_t c) { return format.is_digit(c); };
  std::string_view code;
  if (occurs_twice(whole, format.decimal)) code = "D3081";
  if (occurs_twice(whole, format.percent)) code = "D3082";
  if (occurs_twice(whole, format.per_mille)) code = "D3083";
  if (has(format.percent) && has(format.per_mille)) code = "D3084";
  if (std::none_of(mantissa.begin(), mantissa.end(),
                   [&](char32_t c) { return format.is_place(c); }))
    code = "D3085";
  if (!std::all_of(active.begin(), active.end(), [&](char32_t c) { return format.is_active(c); }))
    code = "D3086";
  const size_t decimal_at = whole.find(format.decimal);
  const auto is_grouping = [&](size_t at) {
    return at < whole.size() && std::u32string(1, whole[at]) == format.grouping;
  };
  if (decimal_at != nowhere) {
    if ((decimal_at > 0 && is_grouping(decimal_at - 1)) || is_grouping(decimal_at + 1))
      code = "D3087";
  } else if (!integer.empty() && std::u32string(1, integer.back()) == format.grouping) {
    code = "D3088";
  }
  if (has(format.grouping + format.grouping)) code = "D3089";
  const size_t optional_at = integer.find(format.digit);
  if (optional_at != nowhere &&
      std::any_of(integer.begin(), integer.begin() + static_cast<ptrdiff_t>(optional_at), digit))
    code = "D3090";
  const size_t optional_in_fraction = fraction.rfind(format.digit);
  if (optional_in_fraction != nowhere &&
      std::any_of(fraction.begin() + static_cast<ptrdiff_t>(optional_in_fraction), fraction.end(),
                  digit))
    code = "D3091";
  if (has_exponent && !exponent.empty() && (has(format.percent) || has(format.per_mille)))
    code = "D3092";
  if (has_exponent && (exponent.empty() || !std::all_of(exponent.begin(), exponent.end(), digit)))
    code = "D3093";
  return code;
}

}  // namespace pawl::asl::jsonata
