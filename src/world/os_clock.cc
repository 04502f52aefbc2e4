#include "world/os_clock.h"

#include <sys/random.h>

#include <array>
#include <utility>

#include "base/check.h"

namespace pawl::world {

Instant OsClock::now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

uint64_t OsRandom::next() {
  // Requests of up to 256 bytes are never cut short or interrupted once the pool is ready. As many
  // numbers as that holds cost one call to the kernel.
  thread_local std::array<uint64_t, 32> numbers;
  thread_local size_t given = numbers.size();
  if (given == numbers.size()) {
    CHECK(getrandom(numbers.data(), sizeof numbers, 0) == sizeof numbers);
    given = 0;
  }
  return std::exchange(numbers[given++], 0);
}

}  // namespace pawl::world
