#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.h"

namespace pawl::store {

// How far long work has come, for whoever shows it.
struct Step {
  std::string_view what;         // "reading the journal"
  uint64_t done = 0, total = 0;  // total 0: unknown
  std::string_view unit = {};    // "bytes", "rows"
};
// False ends the work.
using Progress = std::function<bool(const Step&)>;

// Error: cancelled.
inline Result<void> tell(const Progress& progress, const Step& step) {
  if (!progress || progress(step)) return {};
  return Error(ErrorCode::cancelled, "interrupted");
}

}  // namespace pawl::store
