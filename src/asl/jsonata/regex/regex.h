#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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

  struct Match {
    struct Span {
      size_t begin = 0, end = 0;  // in bytes
    };
    // The whole, then the groups; nothing where a group took no part.
    std::vector<std::optional<Span>> groups;
  };
  // The first match at or behind `from`, or none. `steps` is what may still be tried; where it is
  // used up the answer is none and `steps` is negative.
  std::optional<Match> find(std::string_view text, size_t from, int64_t& steps) const;

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
