#pragma once

#include <optional>
#include <set>
#include <tuple>

#include "execution/command.h"

namespace pawl::engine {

struct Timer {
  Instant due;
  int64_t execution_id;
  execution::EffectId effect;

  auto operator<=>(const Timer&) const = default;
};

// The timers of all open executions, the next one first.
class Timers {
 public:
  void set(const Timer& timer) { timers_.insert(timer); }
  void clear(const Timer& timer) { timers_.erase(timer); }
  std::optional<Instant> next() const {
    if (timers_.empty()) return std::nullopt;
    return timers_.begin()->due;
  }
  // Takes out the next one, if it is due.
  std::optional<Timer> take_due(Instant now);

 private:
  std::set<Timer> timers_;
};

}  // namespace pawl::engine
