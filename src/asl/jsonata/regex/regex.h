#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace pawl::asl::jsonata {

// A regular expression of JavaScript: greedy and lazy quantifiers, groups (capturing, not, named),
// look-ahead and look-behind, back references, classes, the flags i and m. It matches by trying,
// one step after another on a stack of its own, so that no text and no pattern can break the
// program; the steps are counted.
class Regex {
 public:
  struct Flags {
    bool ignores_case = false;
    bool is_multiline = false;
  };

  // The error is a sentence.
  static Result<Regex, std::string> compile(std::string_view pattern, Flags flags);

  // What matching has to write down. Whoever matches often keeps it, for its memory.
  struct Notes {
    // What to do when nothing fits any more.
    struct Retry {
      enum class Kind : uint8_t { branch, shorten, restore };
      Kind kind;
      uint32_t target;  // an instruction, or a slot
      size_t at;        // a place, or what the slot held
      size_t least;     // how short a run may become
    };
    std::vector<Retry> retries;
    std::vector<size_t> slots;  // the begin and the end of the whole and of each group, then others
  };

  // Where the whole is, and the groups. Good until the next match is written into the same notes.
  class Match {
   public:
    Match() = default;
    explicit Match(std::span<const size_t> places) : places_(places) {}
    size_t begin() const { return places_[0]; }  // in bytes
    size_t end() const { return places_[1]; }
    // From 1; nothing where a group took no part.
    size_t group_count() const { return places_.size() / 2 - 1; }
    std::optional<std::string_view> group(size_t number, std::string_view text) const;

   private:
    std::span<const size_t> places_;
  };
  // The first match at or behind `from`, or none. `steps` is what may still be tried; where it is
  // used up the answer is none and `steps` is negative.
  std::optional<Match> find(std::string_view text, size_t from, int64_t& steps, Notes& notes) const;

  const std::string& pattern() const { return pattern_; }

  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  struct Program;

 private:
  Regex(std::string pattern, std::unique_ptr<const Program> program);

  std::string pattern_;
  std::unique_ptr<const Program> program_;
};

}  // namespace pawl::asl::jsonata
