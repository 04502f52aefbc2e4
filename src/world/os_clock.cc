#include "world/os_clock.h"

#include <sys/random.h>

#include "base/check.h"

namespace pawl::world {

Instant OsClock::now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

uint64_t OsRandom::next() {
  uint64_t number = 0;
  // Requests of up to 256 bytes are never cut short or interrupted once the pool is ready.
  CHECK(getrandom(&number, sizeof number, 0) == sizeof number);
  return number;
}

}  // namespace pawl::world
