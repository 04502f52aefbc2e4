#include "world/repeated_lines.h"

#include <utility>

namespace pawl::world {

std::optional<size_t> RepeatedLines::admit(std::string_view line, Moment now) {
  // Those of errors that name what was asked for are all different.
  constexpr size_t remembered_max = 100;
  const std::lock_guard lock(mutex_);
  const auto found = written_.find(line);
  if (found == written_.end()) {
    if (written_.size() == remembered_max) written_.clear();
    written_.emplace(line, Written{now});
    return 0;
  }
  Written& before = found->second;
  if (now - before.at < interval_) {
    ++before.left_out;
    return std::nullopt;
  }
  before.at = now;
  return std::exchange(before.left_out, 0);
}

}  // namespace pawl::world
