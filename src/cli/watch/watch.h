#pragma once

#include <optional>
#include <string>

#include "cli/verb.h"
#include "cli/watch/picture.h"

namespace pawl::cli {

struct WatchOptions {
  Duration interval = milliseconds(500);
  Duration reconnect_limit = seconds(60);
  std::optional<Duration> timeout = {};  // how long to watch; the execution goes on
  bool is_silent = false;                // only wait
};

enum class WatchEnd { ended, interrupted, timed_out };

struct Watched {
  WatchEnd end = WatchEnd::ended;
  Picture picture;
};

// Watches until the execution ends, Ctrl-C comes, or the time has passed. A server that goes away
// is waited for. Error: what the server said, or unavailable after the reconnect limit.
Result<Watched> watch_to_end(const Session& session, const std::string& arn,
                             const WatchOptions& options);

// What to say after watching, on standard error: why it failed and what to do next, or how to watch
// it again. Returns the exit code.
int conclude_watch(const Session& session, const Watched& watched);

}  // namespace pawl::cli
