#include "asl/jsonata/text/letter_case.h"

#include <algorithm>
#include <iterator>

#include "asl/jsonata/text/letter_case_table.h"
#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

char32_t shifted(std::span<const CaseRun> runs, char32_t character) {
  const auto behind =
      std::upper_bound(runs.begin(), runs.end(), character,
                       [](char32_t wanted, const CaseRun& run) { return wanted < run.first; });
  if (behind == runs.begin()) return character;
  const CaseRun& run = *std::prev(behind);
  if (character > run.last || (character - run.first) % run.stride != 0) return character;
  return static_cast<char32_t>(static_cast<int32_t>(character) + run.distance);
}

}  // namespace

char32_t simple_upper(char32_t character) {
  if (character < 0x80) return character >= 'a' && character <= 'z' ? character - 32 : character;
  return shifted(upper_runs(), character);
}

char32_t simple_lower(char32_t character) {
  if (character < 0x80) return character >= 'A' && character <= 'Z' ? character + 32 : character;
  return shifted(lower_runs(), character);
}

std::string to_upper(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      out += static_cast<char>(simple_upper(static_cast<unsigned char>(text[at++])));
      continue;
    }
    const char32_t character = next_character(text, at);
    const auto longs = long_upper();
    const auto found =
        std::lower_bound(longs.begin(), longs.end(), character,
                         [](const LongCase& row, char32_t c) { return row.character < c; });
    if (found != longs.end() && found->character == character)
      out += found->text;
    else
      append_character(out, simple_upper(character));
  }
  return out;
}

std::string to_lower(std::string_view text) {
  constexpr char32_t dotted_i = 0x130, sigma = 0x3A3, final_sigma = 0x3C2;
  std::string out;
  out.reserve(text.size());
  bool is_in_word = false;
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      const auto letter = static_cast<unsigned char>(text[at++]);
      is_in_word = (letter | 0x20) >= 'a' && (letter | 0x20) <= 'z';
      out += static_cast<char>(simple_lower(letter));
      continue;
    }
    const char32_t character = next_character(text, at);
    size_t behind = at;
    const char32_t next = at < text.size() ? next_character(text, behind) : U' ';
    const auto is_letter = [](char32_t c) { return simple_upper(c) != c || simple_lower(c) != c; };
    if (character == dotted_i)
      out += "i\xCC\x87";
    else if (character == sigma && is_in_word && !is_letter(next))
      append_character(out, final_sigma);
    else
      append_character(out, simple_lower(character));
    is_in_word = is_letter(character);
  }
  return out;
}

}  // namespace pawl::asl::jsonata
