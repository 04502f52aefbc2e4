#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "world/file_descriptor.h"

// The start of one process, as quick as this machine can: the new process borrows our memory until
// it is its own program (as posix_spawn does, which can neither make it enter a control group nor
// tell which of its steps failed).
namespace pawl::executors {

struct Launch {
  std::string program;  // a path, seen from the directory
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // the whole of it, but for:
  std::string mark;  // one more variable that tells the process, where not empty
  std::string directory;
  int input = -1, output = -1;  // the output is that for errors, too
  rlimit open_files{RLIM_INFINITY, RLIM_INFINITY};
  int group = -1;  // directory of the control group to be in; -1: ours
};

enum class LaunchStep { none, make, change_directory, set_streams, run_program };

struct LaunchFailure {
  LaunchStep step = LaunchStep::none;
  int error = 0;
};

// The process leads a session of its own, with no signal blocked. REQUIRES: this process has one
// thread, ignores and catches no signal, and sets close-on-exec on all that it opens.
Result<pid_t, LaunchFailure> launch(const Launch& plan);

// Where a program of this name is, in the PATH of the environment; a name with a slash is a path
// already. Nothing where there is none that may be run; a file that may not be run is found where
// there is nothing better, so that its own error is told.
std::optional<std::string> find_program(const std::string& name,
                                        const std::vector<std::string>& environment);

}  // namespace pawl::executors
