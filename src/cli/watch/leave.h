#pragma once

#include <string>

#include "cli/verb.h"

namespace pawl::cli {

// What goes on though nobody watches it any more.
struct LeftRunning {
  bool is_timeout = false;       // otherwise Ctrl-C has come
  std::string what;              // "the execution goes on"
  std::string watch_again = {};  // the command
};

// Says so on standard error, as one JSON object where JSON is asked for, and returns the exit code.
int leave_running(const Session& session, const LeftRunning& left);

}  // namespace pawl::cli
