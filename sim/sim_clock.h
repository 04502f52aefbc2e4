#pragma once

#include "world/clock.h"

namespace pawl::sim {

// Stands still until a test moves it.
class SimClock : public world::Clock {
 public:
  Instant now() override { return now_; }
  void advance(Duration duration) { now_ += duration; }
  void set_back(Duration duration) { now_ -= duration; }
  void advance_to(Instant instant) {
    if (instant > now_) now_ = instant;
  }

 private:
  Instant now_ = Instant(seconds(1'800'000'000));
};

}  // namespace pawl::sim
