#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "world/cancellation.h"

namespace pawl::world {

// A program to run: by posix_spawn, never by fork, because forking a large server is slow.
struct Program {
  std::vector<std::string> arguments;    // the first is the program: a path, or a name in PATH
  std::vector<std::string> environment;  // "NAME=value", added to ours
  bool inherits_environment = true;      // otherwise it has these alone
  std::string directory;                 // to run in; ours where empty
  std::string input;                     // given on standard input
  // System account to run as; needs root, through setpriv(1). Ours where empty.
  std::string account;
};

struct Exit {
  int status = 0;              // the exit status, or 128 + the signal
  std::string output, errors;  // the last 1 MiB of each
};

class Processes {
 public:
  virtual ~Processes() = default;
  // Runs to the end. On cancellation or after `limit` the process group gets TERM, then KILL, and
  // the error is cancelled or timed_out. A nonzero status is a value here, not an error.
  virtual Result<Exit> run(const Program& program, Duration limit,
                           const Cancellation& cancellation) = 0;
  // Starts a program that outlives us (its own session, standard streams to `log_file`).
  virtual Result<pid_t> start_detached(const Program& program, const std::string& log_file) = 0;
};

}  // namespace pawl::world
