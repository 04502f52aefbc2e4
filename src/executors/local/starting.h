#pragma once

#include <optional>
#include <string>

#include "executors/executor.h"
#include "executors/local/launch.h"

// From an attempt and its work to the process that is to be launched.
namespace pawl::executors {

// Why an attempt cannot run: the status that a shell has for it, and the reason in words. Of one
// without a status there was no room for a process or its log: it may be tried again.
struct Obstacle {
  int status = 0;
  std::string reason;
};

// What all attempts get alike.
struct Ground {
  world::FileDescriptor input;  // nothing to read
  rlimit open_files;
  std::string directory;  // of the supervisor
};

// All but where it writes to. REQUIRES: the ground is there until the launch.
Result<Launch, Obstacle> prepare(const Attempt& attempt, const Work& work, const Ground& ground);
Obstacle obstacle_of(const Error& log_failure);
Obstacle obstacle_of(const LaunchFailure& failure, const Launch& launch);

}  // namespace pawl::executors
