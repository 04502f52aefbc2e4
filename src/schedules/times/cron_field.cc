#include "schedules/times/cron_field.h"

#include "base/text.h"

namespace pawl::schedules {
namespace {

struct Range {
  int first, last;
};

Result<Range> parse_range(const FieldRule& rule, std::string_view text, bool has_step) {
  if (text == "*") return Range{rule.least, rule.most};
  const size_t dash = text.find('-');
  if (dash == text.npos) {
    const int number = TRY(parse_field_number(rule, text));
    return Range{number, has_step ? rule.most : number};
  }
  Range range{};
  range.first = TRY(parse_field_number(rule, text.substr(0, dash)));
  range.last = TRY(parse_field_number(rule, text.substr(dash + 1)));
  if (range.first > range.last && !rule.is_circular)
    return wrong_field(rule, text, "a range goes from the smaller to the greater");
  return range;
}

}  // namespace

Error wrong_field(const FieldRule& rule, std::string_view text, std::string_view why) {
  return Error(ErrorCode::invalid_argument, concat("the ", rule.name, " ", text, ": ", why));
}

Result<int> parse_field_number(const FieldRule& rule, std::string_view text) {
  for (size_t at = 0; at < rule.words.size(); ++at)
    if (lower(text) == lower(rule.words[at])) return rule.least + static_cast<int>(at);
  const auto number = parse_integer(text);
  if (!number || text.starts_with('-') || *number < rule.least || *number > rule.most)
    return wrong_field(rule, text.empty() ? "nothing" : text,
                       concat("a number from ", rule.least, " to ", rule.most,
                              rule.words.empty() ? "" : ", or its name,", " is wanted"));
  return static_cast<int>(*number);
}

Result<FieldBits> parse_field_element(const FieldRule& rule, std::string_view element) {
  const size_t slash = element.find('/');
  const bool has_step = slash != element.npos;
  const Range range = TRY(parse_range(rule, element.substr(0, slash), has_step));
  const int size = rule.most - rule.least + 1;
  int step = 1;
  if (has_step) {
    const auto asked = parse_integer(element.substr(slash + 1));
    if (!asked || *asked < 1 || *asked > size)
      return wrong_field(rule, element, concat("a step is from 1 to ", size));
    step = static_cast<int>(*asked);
  }
  const int last = range.last + (range.last < range.first ? size : 0);
  FieldBits bits;
  for (int number = range.first; number <= last; number += step)
    bits.set(static_cast<size_t>((number - rule.least) % size));
  return bits;
}

Result<FieldBits> parse_field(const FieldRule& rule, std::string_view field) {
  FieldBits bits;
  for (const std::string_view element : split(field, ','))
    bits |= TRY(parse_field_element(rule, element));
  return bits;
}

}  // namespace pawl::schedules
