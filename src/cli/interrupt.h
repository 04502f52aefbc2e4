#pragma once

#include "base/time.h"

namespace pawl::cli {

// Ctrl-C and TERM as something to wait for instead of a death. One at a time in a process; while it
// lives the first signal is only noted, and the second one ends the process at once.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();

  // True as soon as a signal has come, false when the time has passed.
  bool wait_for(Duration duration) const;
  void wait() const;
  bool has_come() const;
};

}  // namespace pawl::cli
