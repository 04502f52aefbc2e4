#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "asl/jsonata/regex/regex.h"

namespace pawl::asl::jsonata {

// A set of characters as ranges.
struct CharacterSet {
  std::vector<std::pair<char32_t, char32_t>> ranges;
  bool is_negated = false;

  void add(char32_t first, char32_t last) { ranges.emplace_back(first, last); }
  void add(const CharacterSet& other);
  bool has(char32_t character) const;
};

// \d \w \s, and in capitals what they are not. REQUIRES: one of these letters.
CharacterSet class_of(char letter);
CharacterSet all_but_line_ends();

// A pattern as a tree.
struct RegexNode {
  enum class Kind : uint8_t {
    empty,
    character,
    set,
    sequence,
    choice,
    group,        // captures as `number`
    repeat,       // the only part, from least to most times
    look_ahead,   // the only part
    look_behind,  // the only part
    back_reference,
    line_begin,
    line_end,
    word_edge
  };
  Kind kind = Kind::empty;
  char32_t character = 0;
  CharacterSet set;
  std::vector<RegexNode> parts;
  uint32_t number = 0;       // of a group; the first group within a repeat
  uint32_t last_number = 0;  // of a repeat: behind the last group within
  uint32_t least = 0, most = 0;
  bool is_lazy = false;
  bool is_negated = false;  // looks, word edges
};

constexpr uint32_t without_end = UINT32_MAX;

struct RegexTree {
  RegexNode root;
  uint32_t group_count = 0;
};

Result<RegexTree, std::string> parse_regex(std::string_view pattern);

}  // namespace pawl::asl::jsonata
