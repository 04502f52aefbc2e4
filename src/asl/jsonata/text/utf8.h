#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::asl::jsonata {

// Texts are UTF-8; a surrogate without its partner, which JavaScript's strings may hold, is kept in
// the same form (three bytes). Bytes that are no UTF-8 at all count as characters of their own.

// How many bytes the character at `at` has. REQUIRES: at < text.size().
size_t long_character_size(std::string_view text, size_t at);  // of one beyond ASCII
inline size_t character_size(std::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]) < 0x80 ? 1 : long_character_size(text, at);
}
// The character at `at`, which then stands behind it.
char32_t next_character(std::string_view text, size_t& at);
void append_character(std::string& text, char32_t character);

size_t character_count(std::string_view text);
// Where the character of that index begins; the size of the text where there are not so many.
size_t offset_of(std::string_view text, size_t character_index);
std::vector<std::string_view> characters(std::string_view text);

bool is_surrogate(char32_t character);
bool is_ascii(std::string_view text);
// With U+FFFD for whatever is not Unicode.
std::string well_formed(std::string_view text);

// -1, 0, 1: the order of JavaScript, which compares UTF-16 units.
int compare_texts(std::string_view left, std::string_view right);

}  // namespace pawl::asl::jsonata
