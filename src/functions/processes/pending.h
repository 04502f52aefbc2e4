#pragma once

#include <string>

#include "functions/processes/host.h"

namespace pawl::functions::processes {

// A call that nobody waits for. It is on the disk until it has been made, or given up:
// <function>/events/<id>.json with {"payload", "received", "failures"}.
struct Host::Pending {
  std::string function;
  Event event;
  Instant received;
  int failures = 0;
  Duration throttle_delay = seconds(1);  // until it is tried again; doubles
  std::string file;
};

}  // namespace pawl::functions::processes
