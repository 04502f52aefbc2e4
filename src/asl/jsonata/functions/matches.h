#pragma once

#include <optional>

#include "asl/jsonata/evaluate/run.h"

namespace pawl::asl::jsonata {

// A place in a text, in bytes, and the groups within it, which are known until the next match is
// looked for.
struct Found {
  size_t begin = 0, end = 0;
  Regex::Match match;
  Item object, groups;  // instead of the match: what a function answered, and the groups in that

  size_t group_count() const;
  // From 1; empty where it took no part.
  std::string_view group(size_t number, std::string_view text) const;
};

// The matches of a text, one after another: of a regular expression, or of any function that
// answers as one does.
class Matches {
 public:
  Matches(Run& run, Item matcher, Item subject)
      : run_(run), matcher_(std::move(matcher)), subject_(std::move(subject)) {}

  Result<std::optional<Found>, Failed> next();
  // As a function sees it: match, start, end, groups, next.
  Item object(const Found& found) const;

 private:
  Result<std::optional<Found>, Failed> next_of_function();

  Run& run_;
  Item matcher_;  // afterwards what gives the next one
  Item subject_;
  size_t from_ = 0;
  bool is_first_ = true;
};

// The next match of a regular expression at or behind `from`; after the first one an empty match is
// a fault.
Result<std::optional<Found>, Failed> find_match(Run& run, const Function& matcher,
                                                const Item& subject, size_t from, bool is_first);
// What a matcher answers. `matcher` is one of a regular expression.
Item match_object(Run& run, const Function& matcher, const Item& subject, const Found& found);

// Positions in texts count as in JavaScript, in UTF-16 units.
size_t utf16_size(std::string_view text);
size_t offset_of_utf16(std::string_view text, double units);

}  // namespace pawl::asl::jsonata
