#pragma once

#include <string>
#include <vector>

#include "cli/verb.h"

namespace pawl::cli {

struct JobWatchOptions {
  Duration interval = milliseconds(500);
  Duration reconnect_limit = seconds(60);
  std::optional<Duration> timeout = {};  // how long to watch; the jobs go on
  bool tells_ends = true;                // otherwise whoever asked says what failed; the code is 0
};

// Watches jobs until all have ended, and says what to do about what failed. A server that goes away
// is waited for. Returns the exit code.
Result<int> watch_jobs(const Session& session, const std::vector<std::string>& ids,
                       const JobWatchOptions& options);

}  // namespace pawl::cli
