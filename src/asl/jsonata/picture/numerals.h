#pragma once

#include <string>
#include <string_view>

namespace pawl::asl::jsonata {

// Numbers that are not written in digits. Whole numbers, not negative; NaN where a text is none.

std::string words_of(double number, bool is_ordinal);  // "One Hundred and Twenty-First"
double number_of_words(std::string_view text);
// A regular expression of all words.
std::string words_pattern();

std::string roman_of(double number);  // "xiv"; below ten thousand
double number_of_roman(std::string_view text);

std::string letters_of(double number, char first);  // a, b, … z, aa
double number_of_letters(std::string_view text, char first);

}  // namespace pawl::asl::jsonata
