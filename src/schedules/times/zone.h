#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "schedules/times/local_time.h"

namespace pawl::schedules {

// From that moment on clocks are so far ahead of UTC.
struct Offset {
  Instant from;
  seconds ahead;
};

// A time zone: what its clocks show at a moment, and when they show something.
class Zone {
 public:
  static Zone utc();
  // By its name in the system's time zone database ("Europe/Zurich"). Errors: invalid_argument
  // where there is none of that name; what reading the database meets.
  static Result<Zone> find(const std::string& name);

  LocalTime local(Instant instant) const;

  struct Showing {
    Instant at;            // for the first time, where they are set back and show it twice
    bool is_shown = true;  // false: they are set forward over it, and `at` is when
  };
  Showing when_shown(LocalTime local) const;

 private:
  explicit Zone(std::vector<Offset> offsets) : offsets_(std::move(offsets)) {}
  std::vector<Offset>::const_iterator offset_at(Instant instant) const;

  std::vector<Offset> offsets_;  // ascending; the first is from the beginning of time
};

}  // namespace pawl::schedules
