#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asl/jsonata/fault.h"
#include "base/result.h"

namespace pawl::asl::jsonata {

// How an integer is written: "#,##0", "0001", "a", "I", "Ww", "1;o" (XPath's format-integer).
struct IntegerPicture {
  enum class Form : uint8_t { decimal, letters, roman, words, unknown };
  enum class Case : uint8_t { lower, upper, title };
  struct Separator {
    size_t position;  // digits to its right
    char32_t character;
  };

  Form form = Form::decimal;
  Case letter_case = Case::lower;
  bool is_ordinal = false;
  char32_t zero = U'0';
  size_t digits_min = 0;
  size_t digits_optional = 0;
  std::vector<Separator> separators;  // from right to left
  size_t regular_group = 0;           // where they stand at equal distances
  std::optional<size_t> width;        // digits to be read, where other digits follow
  std::string text;

  static Result<IntegerPicture, Fault> analyse(std::string_view picture);
  Result<std::string, Fault> format(double value) const;
  // The same behind what is there already.
  Result<bool, Fault> append(std::string& out, double value) const;
  // NaN for what is no number in this form.
  Result<double, Fault> parse(std::string_view text) const;
  // A regular expression of what can be read.
  Result<std::string, Fault> pattern() const;

 private:
  Fault unsupported() const;
  bool is_plain() const {
    return form == Form::decimal && separators.empty() && zero == U'0' && !is_ordinal;
  }
  std::string format_decimal(double value) const;
  double parse_decimal(std::string_view text) const;
};

}  // namespace pawl::asl::jsonata
