#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "asl/jsonata/fault.h"
#include "base/result.h"

namespace pawl::asl::jsonata {

// The characters of a number picture, which may be others than the usual ones.
struct DecimalFormat {
  std::u32string decimal = U".", grouping = U",", exponent = U"e", minus = U"-", percent = U"%",
                 per_mille = U"\u2030", zero = U"0", digit = U"#", pattern_separator = U";";

  // False for a property that does not exist.
  bool set(std::string_view property, std::u32string text);
  bool is_digit(char32_t character) const {
    return character >= zero[0] && character <= zero[0] + 9;
  }
  // A digit, or the place of one.
  bool is_place(char32_t character) const { return is_digit(character) || digit[0] == character; }
  bool is_active(char32_t character) const;
};

// One half of a picture such as "#,##0.00;(#,##0.00)": that for positive or for negative numbers.
struct SubPicture {
  std::u32string whole, prefix, suffix, active, mantissa, exponent, integer, fraction;
  bool has_exponent = false;

  static SubPicture split(std::u32string_view picture, const DecimalFormat& format);
  // The code of what is wrong with it, or nothing.
  std::string_view trouble(const DecimalFormat& format) const;
};

// How a number is written: "#,##0.00", "0.0e0", "01%" (XPath's format-number).
Result<std::string, Fault> format_number(double value, std::string_view picture,
                                         const DecimalFormat& format);

std::u32string to_utf32(std::string_view text);

}  // namespace pawl::asl::jsonata
