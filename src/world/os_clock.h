#pragma once

#include "world/clock.h"

namespace pawl::world {

// The machine's clock.
class OsClock : public Clock {
 public:
  Instant now() override;
};

// The kernel's randomness. Safe from any thread.
class OsRandom : public Random {
 public:
  uint64_t next() override;
};

}  // namespace pawl::world
