#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// Facts of Unicode: which letters have another case, in runs of neighbours that lie equally far
// from theirs, in ascending order.

namespace pawl::asl::jsonata {

struct CaseRun {
  char32_t first, last;
  int32_t distance;
  uint32_t stride;
};

struct LongCase {
  char32_t character;
  std::string_view text;
};

std::span<const CaseRun> upper_runs();
std::span<const CaseRun> lower_runs();
std::span<const LongCase> long_upper();

}  // namespace pawl::asl::jsonata
