#pragma once

#include <bitset>
#include <vector>

#include "asl/jsonata/regex/regex.h"
#include "asl/jsonata/regex/tree.h"

namespace pawl::asl::jsonata {

// One step of matching.
struct Instruction {
  enum class Kind : uint8_t {
    match,
    character,
    set,
    run,   // as many characters of a set as there are, at least `other`, given back one by one
    fork,  // `target` first, then `other`
    jump,
    save,      // the place, in slot `target`
    forget,    // the slots from `target` up to `other`
    progress,  // fails where the place is still that of slot `target`
    look,      // the instructions that follow, up to a match; goes on at `target`
    back_reference,
    line_begin,
    line_end,
    word_edge
  };
  Kind kind = Kind::match;
  bool is_backward = false;
  bool is_negated = false;
  char32_t character = 0;
  uint32_t target = 0;
  uint32_t other = 0;
};

struct Regex::Program {
  struct Set {
    CharacterSet set;
    std::bitset<128> ascii;  // the answers for those
  };
  std::vector<Instruction> instructions;
  std::vector<Set> sets;
  uint32_t group_count = 0;
  uint32_t slot_count = 0;
  Flags flags;
  // Where no match can begin need not be tried.
  std::bitset<256> first_bytes;  // of a match
  bool may_be_empty = false;     // or begin with anything
  bool begins_the_text = false;  // every match does
};

bool set_has(const Regex::Flags& flags, const CharacterSet& set, char32_t character);

}  // namespace pawl::asl::jsonata
