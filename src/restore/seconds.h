#pragma once

#include <cmath>

#include "base/time.h"

// Lengths of time as JSON has them. From whole numbers, so that they are written as short as they
// are: the difference of two real numbers would have a tail of digits that mean nothing.
namespace pawl::restore {

inline double in_seconds(Duration length) { return static_cast<double>(length.count()) / 1e6; }

// Of moments as they are written, so that it is the difference of what stands there.
inline double seconds_between(Instant from, Instant to) {
  using std::chrono::floor;
  return in_seconds(floor<milliseconds>(to) - floor<milliseconds>(from));
}

inline double rounded_to_ms(double seconds) { return std::round(seconds * 1e3) / 1e3; }

}  // namespace pawl::restore
