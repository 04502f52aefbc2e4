#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace pawl::cli {

struct Amount {
  uint64_t done = 0, total = 0;  // total 0: unknown
  std::string unit;              // "bytes", "rows"
};

// How fast an amount grows, over the last seconds, so that a short stall does not throw the
// estimate.
class RateMeter {
 public:
  void observe(Instant at, uint64_t done);
  // Units in a second; nothing before two observations.
  std::optional<double> rate() const;
  // Time until `total` at this rate; nothing where it does not move.
  std::optional<Duration> remaining(uint64_t total) const;

 private:
  struct Sample {
    Instant at;
    uint64_t done;
  };
  std::deque<Sample> samples_;
};

// "████████░░"; in ASCII "########--".
std::string bar(double fraction, int width, bool has_unicode);
// "412 MB/731 MB", "812/1000 rows".
std::string amount_text(const Amount& amount);
// "210 MB/s", "12.4 rows/s".
std::string rate_text(double rate, std::string_view unit);

// "████████░░  412 MB/731 MB  210 MB/s  ETA 2 s": what is known of it.
std::string progress_text(const Amount& amount, const RateMeter& meter, bool has_unicode);

}  // namespace pawl::cli
