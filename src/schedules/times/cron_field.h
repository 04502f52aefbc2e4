#pragma once

#include <bitset>
#include <span>
#include <string_view>

#include "base/result.h"

namespace pawl::schedules {

// What may stand in a field of a cron expression.
struct FieldRule {
  std::string_view name;
  int least, most;
  bool is_circular = false;                      // after the last comes the first: FRI-MON
  std::span<const std::string_view> words = {};  // for the numbers from `least` on
};

// Of a field: bit n is the number n above the least.
using FieldBits = std::bitset<256>;

// One number, or a name for it. Error: what may stand there.
Result<int> parse_field_number(const FieldRule& rule, std::string_view text);
// An element between commas: *  7  MON  2-5  0/15  */15  10-40/10.
Result<FieldBits> parse_field_element(const FieldRule& rule, std::string_view element);
// A whole field of such elements.
Result<FieldBits> parse_field(const FieldRule& rule, std::string_view field);

Error wrong_field(const FieldRule& rule, std::string_view text, std::string_view why);

}  // namespace pawl::schedules
