#include "asl/jsonata/picture/numerals.h"

#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"

namespace pawl::asl::jsonata {
namespace {

constexpr std::array<std::string_view, 20> cardinals{
    "Zero",     "One",     "Two",     "Three",     "Four",     "Five",    "Six",
    "Seven",    "Eight",   "Nine",    "Ten",       "Eleven",   "Twelve",  "Thirteen",
    "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"};
constexpr std::array<std::string_view, 20> ordinals{
    "Zeroth",     "First",     "Second",    "Third",       "Fourth",     "Fifth",     "Sixth",
    "Seventh",    "Eighth",    "Ninth",     "Tenth",       "Eleventh",   "Twelfth",   "Thirteenth",
    "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth"};
constexpr std::array<std::string_view, 8> tens{"Twenty", "Thirty",  "Forty",  "Fifty",
                                               "Sixty",  "Seventy", "Eighty", "Ninety"};
constexpr std::array<std::string_view, 4> magnitudes{"Thousand", "Million", "Billion", "Trillion"};

std::string spell(double number, bool follows, bool is_ordinal);

std::string spell_below_hundred(double number, bool follows, bool is_ordinal) {
  const std::string join = follows ? " and " : "";
  const auto whole = static_cast<size_t>(number);
  if (whole < cardinals.size()) return concat(join, (is_ordinal ? ordinals : cardinals)[whole]);
  const std::string_view ten = tens[whole / 10 - 2];
  if (whole % 10 > 0)
    return concat(join, ten, "-", spell(static_cast<double>(whole % 10), false, is_ordinal));
  return is_ordinal ? concat(join, ten.substr(0, ten.size() - 1), "ieth") : concat(join, ten);
}

std::string spell(double number, bool follows, bool is_ordinal) {
  if (number < 100) return spell_below_hundred(number, follows, is_ordinal);
  double unit = 100;
  std::string_view name = "Hundred";
  if (number >= 1000) {
    size_t magnitude = 0;
    for (unit = 1000; magnitude + 1 < magnitudes.size() && number >= unit * 1000; ++magnitude)
      unit *= 1000;
    name = magnitudes[magnitude];
  }
  const double count = std::floor(number / unit), rest = number - count * unit;
  std::string words = concat(follows ? ", " : "", spell(count, false, false), " ", name);
  if (rest > 0) return words + spell(rest, true, is_ordinal);
  return is_ordinal ? words + "th" : words;
}

using Word = std::pair<std::string, double>;

std::vector<Word> make_words() {
  std::vector<Word> words;
  for (size_t value = 0; value < cardinals.size(); ++value) {
    words.emplace_back(lower(cardinals[value]), value);
    words.emplace_back(lower(ordinals[value]), value);
  }
  for (size_t index = 0; index < tens.size(); ++index) {
    const std::string word = lower(tens[index]);
    words.emplace_back(word, (index + 2) * 10);
    words.emplace_back(word.substr(0, word.size() - 1) + "ieth", (index + 2) * 10);
  }
  words.emplace_back("hundred", 100);
  words.emplace_back("hundredth", 100);
  double value = 1000;
  for (const std::string_view magnitude : magnitudes) {
    words.emplace_back(lower(magnitude), value);
    words.emplace_back(lower(magnitude) + "th", value);
    value *= 1000;
  }
  return words;
}

const std::vector<Word>& all_words() {
  static const std::vector<Word> words = make_words();
  return words;
}

// Words are separated by blanks, hyphens, ", " and " and ".
std::vector<std::string> split_words(std::string_view text) {
  const std::string plain = replace_all(replace_all(text, ", ", " "), " and ", " ");
  std::vector<std::string> words{""};
  for (const char c : plain) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '-' || c == '\\')
      words.emplace_back();
    else
      words.back() += c;
  }
  return words;
}

constexpr std::pair<int, std::string_view> romans[] = {
    {1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"},
    {40, "xl"},  {10, "x"},   {9, "ix"},  {5, "v"},    {4, "iv"},  {1, "i"}};

}  // namespace

std::string words_of(double number, bool is_ordinal) { return spell(number, false, is_ordinal); }

double number_of_words(std::string_view text) {
  std::vector<double> segments{0};
  for (const std::string& part : split_words(lower(text))) {
    double value = std::nan("");
    for (const auto& [word, meaning] : all_words())
      if (word == part) value = meaning;
    if (!(value < 100)) {
      segments.back() *= value;
      continue;
    }
    if (segments.back() >= 1000) segments.push_back(0);
    segments.back() += value;
  }
  double sum = 0;
  for (const double segment : segments) sum += segment;
  return sum;
}

std::string words_pattern() {
  std::string pattern = "(?:";
  for (const auto& [word, value] : all_words()) pattern += word + "|";
  return pattern + "and|[\\-, ])+";
}

std::string roman_of(double number) {
  auto rest = static_cast<int>(number);
  std::string roman;
  for (const auto& [value, letters] : romans)
    for (; rest >= value; rest -= value) roman += letters;
  return roman;
}

double number_of_roman(std::string_view text) {
  constexpr std::string_view letters = "IVXLCDM";
  constexpr double values[] = {1, 5, 10, 50, 100, 500, 1000};
  double number = 0, most = 1;
  for (size_t at = text.size(); at-- > 0;) {
    const size_t place =
        letters.find(text[at] >= 'a' ? static_cast<char>(text[at] - 32) : text[at]);
    if (place == letters.npos) return std::nan("");
    number += values[place] < most ? -values[place] : values[place];
    most = std::max(most, values[place]);
  }
  return number;
}

std::string letters_of(double number, char first) {
  std::string letters;
  while (number > 0) {
    letters.insert(letters.begin(),
                   static_cast<char>(first + static_cast<int>(std::fmod(number - 1, 26))));
    number = std::floor((number - 1) / 26);
  }
  return letters;
}

double number_of_letters(std::string_view text, char first) {
  double number = 0;
  for (const char letter : text) number = number * 26 + (letter - first + 1);
  return number;
}

}  // namespace pawl::asl::jsonata
