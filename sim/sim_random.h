#pragma once

#include <random>

#include "world/clock.h"

namespace pawl::sim {

// The same seed, the same numbers.
class SimRandom : public world::Random {
 public:
  explicit SimRandom(uint64_t seed) : engine_(seed) {}
  uint64_t next() override { return engine_(); }
  // 0 … bound - 1.
  size_t below(size_t bound) { return engine_() % bound; }
  bool one_in(size_t count) { return below(count) == 0; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace pawl::sim
