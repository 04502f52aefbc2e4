#include "asl/jsonata/text/utf8.h"

#include <algorithm>

namespace pawl::asl::jsonata {
namespace {

unsigned char byte_at(std::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool is_continuation(std::string_view text, size_t at) {
  return at < text.size() && (byte_at(text, at) & 0xC0) == 0x80;
}

}  // namespace

size_t long_character_size(std::string_view text, size_t at) {
  const unsigned char lead = byte_at(text, at);
  size_t size = 1;
  if (lead >= 0xC2 && lead < 0xE0) size = 2;
  if (lead >= 0xE0 && lead < 0xF0) size = 3;
  if (lead >= 0xF0 && lead < 0xF5) size = 4;
  for (size_t next = 1; next < size; ++next)
    if (!is_continuation(text, at + next)) return 1;
  if (lead == 0xE0 && byte_at(text, at + 1) < 0xA0) return 1;  // Longer than needed.
  if (lead == 0xF0 && byte_at(text, at + 1) < 0x90) return 1;
  if (lead == 0xF4 && byte_at(text, at + 1) > 0x8F) return 1;  // Beyond Unicode.
  return size;
}

char32_t next_character(std::string_view text, size_t& at) {
  const size_t size = character_size(text, at);
  const unsigned char lead = byte_at(text, at);
  if (size == 1) {
    ++at;
    return lead < 0x80 ? lead : 0xFFFD;
  }
  char32_t character = lead & (0xFF >> (size + 1));
  for (size_t next = 1; next < size; ++next)
    character = (character << 6) | (byte_at(text, at + next) & 0x3F);
  at += size;
  return character;
}

void append_character(std::string& text, char32_t character) {
  const auto put = [&](char32_t bits) { text += static_cast<char>(bits); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0 | (character >> 6));
    put(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    put(0xE0 | (character >> 12));
    put(0x80 | ((character >> 6) & 0x3F));
    put(0x80 | (character & 0x3F));
  } else {
    put(0xF0 | (character >> 18));
    put(0x80 | ((character >> 12) & 0x3F));
    put(0x80 | ((character >> 6) & 0x3F));
    put(0x80 | (character & 0x3F));
  }
}

size_t character_count(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); at += character_size(text, at)) ++count;
  return count;
}

size_t offset_of(std::string_view text, size_t character_index) {
  size_t at = 0;
  for (; character_index > 0 && at < text.size(); --character_index) at += character_size(text, at);
  return at;
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> found;
  for (size_t at = 0; at < text.size();) {
    const size_t size = character_size(text, at);
    found.push_back(text.substr(at, size));
    at += size;
  }
  return found;
}

bool is_surrogate(char32_t character) { return character >= 0xD800 && character < 0xE000; }

bool is_ascii(std::string_view text) {
  char bits = 0;
  for (const char c : text) bits = static_cast<char>(bits | c);
  return static_cast<unsigned char>(bits) < 0x80;
}

std::string well_formed(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const char32_t character = next_character(text, at);
    if (is_surrogate(character) || character == 0xFFFD)
      out += "\xEF\xBF\xBD";
    else
      out += text.substr(begin, at - begin);
  }
  return out;
}

int compare_texts(std::string_view left, std::string_view right) {
  const size_t shorter = std::min(left.size(), right.size());
  size_t at = 0;
  while (at < shorter && left[at] == right[at]) ++at;
  if (at == shorter) return left.size() == right.size() ? 0 : left.size() < right.size() ? -1 : 1;
  // What lies beyond the basic plane is a pair of surrogates, which sort before U+E000.
  constexpr unsigned char private_use = 0xEE, beyond_plane = 0xF0;
  const unsigned char a = byte_at(left, at), b = byte_at(right, at);
  const bool is_swapped =
      a >= private_use && b >= private_use && (a >= beyond_plane) != (b >= beyond_plane);
  return (a < b) != is_swapped ? -1 : 1;
}

}  // namespace pawl::asl::jsonata
