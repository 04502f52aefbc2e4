#pragma once

#include <cstdint>

#include "base/time.h"

namespace pawl::world {

// What time it is. `os_` is the machine's clock; `sim_` is moved by a test.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
};

// Where randomness enters the system.
class Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t next() = 0;
};

// A random (version 4) UUID in its text form.
std::string make_uuid(Random& random);

}  // namespace pawl::world
