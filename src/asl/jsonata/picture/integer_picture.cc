#include "asl/jsonata/picture/integer_picture.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

#include "asl/jsonata/picture/numerals.h"
#include "asl/jsonata/text/letter_case.h"
#include "asl/jsonata/text/number_text.h"
#include "asl/jsonata/text/utf8.h"
#include "base/text.h"

namespace pawl::asl::jsonata {
namespace {

constexpr double roman_end = 10'000;
constexpr size_t digits_max = 1'000;

// Where a script has its zero.
constexpr char32_t zeros[] = {0x30,   0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6,
                              0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0,
                              0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80,
                              0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900,
                              0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10};

std::optional<char32_t> zero_of(char32_t character) {
  for (const char32_t zero : zeros)
    if (character >= zero && character <= zero + 9) return zero;
  return std::nullopt;
}

// The distance of the separators, where they are all the same and stand at equal distances.
size_t regular_distance(const std::vector<IntegerPicture::Separator>& separators) {
  if (separators.empty()) return 0;
  size_t factor = 0;
  for (const auto& [position, character] : separators) {
    if (character != separators[0].character) return 0;
    factor = std::gcd(factor, position);
  }
  for (size_t index = 1; index <= separators.size(); ++index) {
    const auto stands_there = [&](const auto& one) { return one.position == index * factor; };
    if (std::none_of(separators.begin(), separators.end(), stands_there)) return 0;
  }
  return factor;
}

Result<bool, Fault> read_digits(IntegerPicture& picture, std::string_view text) {
  auto pieces = characters(text);
  std::reverse(pieces.begin(), pieces.end());
  std::optional<char32_t> zero;
  size_t position = 0;
  for (const std::string_view piece : pieces) {
    size_t at = 0;
    const char32_t character = next_character(piece, at);
    if (const auto family = zero_of(character)) {
      if (zero && *zero != *family) return Fault("D3131");
      zero = family;
      ++picture.digits_min;
      ++position;
    } else if (character == '#') {
      ++picture.digits_optional;
      ++position;
    } else {
      picture.separators.push_back({position, character});
    }
  }
  if (picture.digits_min == 0) picture.form = IntegerPicture::Form::unknown;
  picture.zero = zero.value_or(U'0');
  picture.digits_min = std::min(picture.digits_min, digits_max);
  picture.regular_group = regular_distance(picture.separators);
  return true;
}

std::string_view ordinal_ending(std::string_view digits) {
  const bool is_teen = digits.size() > 1 && digits[digits.size() - 2] == '1';
  if (is_teen) return "th";
  switch (digits.back()) {
    case '1':
      return "st";
    case '2':
      return "nd";
    case '3':
      return "rd";
    default:
      return "th";
  }
}

std::string in_case(std::string words, IntegerPicture::Case letter_case) {
  if (letter_case == IntegerPicture::Case::upper) return to_upper(words);
  return letter_case == IntegerPicture::Case::lower ? to_lower(words) : words;
}

}  // namespace

Fault IntegerPicture::unsupported() const { return Fault("D3130").with_text("value", text); }

Result<IntegerPicture, Fault> IntegerPicture::analyse(std::string_view picture) {
  IntegerPicture result;
  const size_t semicolon = picture.rfind(';');
  const auto primary = picture.substr(0, semicolon);
  result.is_ordinal = semicolon != picture.npos && picture.substr(semicolon + 1, 1) == "o";
  result.text = primary;
  const bool is_upper = primary == "A" || primary == "I" || primary == "W";
  if (is_upper) result.letter_case = Case::upper;
  if (primary == "Ww") result.letter_case = Case::title;
  if (primary == "A" || primary == "a")
    result.form = Form::letters;
  else if (primary == "I" || primary == "i")
    result.form = Form::roman;
  else if (primary == "W" || primary == "w" || primary == "Ww")
    result.form = Form::words;
  else
    TRY(read_digits(result, primary));
  return result;
}

std::string IntegerPicture::format_decimal(double value) const {
  std::string digits = number_text(value);
  if (digits.size() < digits_min) digits.insert(0, digits_min - digits.size(), '0');
  if (is_plain()) return digits;
  const std::string ending(is_ordinal ? ordinal_ending(digits) : "");
  std::string out;
  for (size_t at = 0; at < digits.size(); ++at) {
    const size_t left = digits.size() - at;  // digits from here on
    for (const auto& [position, character] : separators) {
      const bool stands_here =
          regular_group > 0 ? left % regular_group == 0 && &character == &separators[0].character
                            : left == position;
      if (at > 0 && stands_here) append_character(out, character);
    }
    const bool is_digit = digits[at] >= '0' && digits[at] <= '9';
    append_character(out, is_digit ? zero + static_cast<char32_t>(digits[at] - '0')
                                   : static_cast<char32_t>(digits[at]));
  }
  return out + ending;
}

Result<std::string, Fault> IntegerPicture::format(double value) const {
  const std::string sign = value < 0 ? "-" : "";
  const double size = std::abs(value);
  switch (form) {
    case Form::letters:
      return sign + letters_of(size, letter_case == Case::upper ? 'A' : 'a');
    case Form::roman:
      if (size >= roman_end) return unsupported();
      return sign + in_case(roman_of(size), letter_case);
    case Form::words:
      if (!std::isfinite(size)) return unsupported();
      return sign + in_case(words_of(size, is_ordinal), letter_case);
    case Form::decimal:
      return value < 0 ? sign + format_decimal(size) : format_decimal(size);
    case Form::unknown:
      break;
  }
  return unsupported();
}

Result<bool, Fault> IntegerPicture::append(std::string& out, double value) const {
  constexpr double digits_end = 1e15;
  if (!is_plain() || !(value >= 0 && value < digits_end) || value != std::trunc(value)) {
    out += TRY(format(value));
    return true;
  }
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), static_cast<int64_t>(value)).ptr;
  const auto count = static_cast<size_t>(end - digits.begin());
  if (count < digits_min) out.append(digits_min - count, '0');
  out.append(digits.data(), count);
  return true;
}

double IntegerPicture::parse_decimal(std::string_view digits) const {
  constexpr size_t ending_size = 2;
  if (is_ordinal) digits = digits.substr(0, digits.size() - std::min(digits.size(), ending_size));
  std::string plain;
  for (size_t at = 0; at < digits.size();) {
    const char32_t character = next_character(digits, at);
    const auto separates = [&](const Separator& separator) {
      return separator.character == character;
    };
    const bool is_skipped = regular_group > 0
                                ? character == ','
                                : std::any_of(separators.begin(), separators.end(), separates);
    if (is_skipped) continue;
    const bool is_digit = character >= zero && character <= zero + 9;
    if (!is_digit && !(plain.empty() && character == '-')) break;
    plain += is_digit ? static_cast<char>('0' + (character - zero)) : '-';
  }
  return parse_number(plain).value_or(std::nan(""));
}

Result<double, Fault> IntegerPicture::parse(std::string_view value) const {
  switch (form) {
    case Form::letters:
      return number_of_letters(value, letter_case == Case::upper ? 'A' : 'a');
    case Form::roman:
      return number_of_roman(value);
    case Form::words:
      return number_of_words(value);
    case Form::decimal:
      return parse_decimal(value);
    case Form::unknown:
      break;
  }
  return unsupported();
}

Result<std::string, Fault> IntegerPicture::pattern() const {
  const bool is_upper = letter_case == Case::upper;
  switch (form) {
    case Form::letters:
      return std::string(is_upper ? "[A-Z]+" : "[a-z]+");
    case Form::roman:
      return std::string(is_upper ? "[MDCLXVI]+" : "[mdclxvi]+");
    case Form::words:
      return words_pattern();
    case Form::decimal:
      return concat("[0-9]", width ? concat("{", *width, "}") : "+",
                    is_ordinal ? "(?:th|st|nd|rd)" : "");
    case Form::unknown:
      break;
  }
  return unsupported();
}

}  // namespace pawl::asl::jsonata
