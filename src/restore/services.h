#pragma once

#include <functional>
#include <string>

#include "json/value.h"
#include "restore/operations/operation.h"
#include "restore/provider.h"
#include "restore/settings.h"
#include "restore/snapshots/snapshot.h"
#include "world/clock.h"
#include "world/processes.h"

namespace pawl::restore {

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
};

// Whether an operation still may want what it has: its state says that it runs, and so does who can
// tell.
bool is_alive(const Services& services, const std::string& region, const std::string& operation_id);
bool is_alive(const Services& services, const json::Value& state);

}  // namespace pawl::restore
