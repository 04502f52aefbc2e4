#pragma once

#include <cstdint>

namespace pawl::asl::intrinsic {

// A stream of random numbers that is a function of its seed (splitmix64), so that an evaluation can
// be repeated, and several calls in one evaluation differ.
class Entropy {
 public:
  explicit Entropy(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
  }

  // From 0 up to, not including, 1.
  double fraction() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  uint64_t state_;
};

}  // namespace pawl::asl::intrinsic
