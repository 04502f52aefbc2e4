#pragma once

#include <functional>
#include <optional>
#include <string>

#include "json/value.h"
#include "restore/operations/operation.h"
#include "restore/provider.h"
#include "restore/settings.h"
#include "restore/snapshots/snapshot.h"
#include "world/clock.h"
#include "world/processes.h"

namespace pawl::restore {

// How an execution ended that does not run any more.
struct ExecutionEnd {
  std::string status;  // "ABORTED", "FAILED", "TIMED_OUT", "SUCCEEDED"
  std::string error, cause;
  Instant began, at;  // since its last redrive
};

// What the functions of this room work with, wired by the daemon. Everything outlives them.
struct Services {
  const Settings& settings;
  world::Clock& clock;
  world::Processes& processes;
  Operations& operations;
  TargetLock& target_lock;
  Catalogue& catalogue;
  Provider& provider;
  // Whether the execution of that ARN still runs, where someone can tell: the lock of an operation
  // whose execution was stopped is then taken over.
  std::function<bool(const std::string& execution_arn)> is_running;
  // Nothing where it runs, or nobody knows it any more.
  std::function<std::optional<ExecutionEnd>(const std::string& execution_arn)> end_of = {};
};

// Whether an operation still may want what it has: its state says that it runs, and so does who can
// tell.
bool is_alive(const Services& services, const std::string& region, const std::string& operation_id);
bool is_alive(const Services& services, const json::Value& state);

// Whether nobody restores onto the target but the operation or batch that asks (`own_id`, empty:
// none). Error: conflict, which says who does.
Result<void> check_is_free(const Services& services, const Target& target,
                           const std::string& own_id = {});

// The members "status", "error", "cause" and "ended" of an operation whose execution ended before
// the operation did. REQUIRES: its state says that it runs, and it is not alive.
json::Value end_without_work(const Services& services, const json::Value& state);

}  // namespace pawl::restore
