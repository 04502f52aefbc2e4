#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "engine/activities/activity_tasks.h"
#include "engine/engine.h"
#include "engine/timers.h"

namespace pawl::engine {

// A task that has been asked for and has no answer yet.
struct OpenTask {
  std::string id;
  std::string resource, state;
  TaskRunner* runner = nullptr;  // null: the engine does it itself
  std::optional<Progress> progress;
  std::optional<Duration> heartbeat_interval;
  Instant last_heartbeat;
  std::string token = {};  // empty: it is answered by who runs it
  bool waits_for_token = false;
  std::optional<ActivityTasks::Place> place = {};  // where it waits for a worker
};

// An open execution in memory.
struct OpenExecution {
  OpenExecution(store::Execution row, const asl::Machine& machine, execution::Identity identity)
      : row(std::move(row)), machine(machine), execution(machine, std::move(identity)) {}

  store::Execution row;  // without definition; closing fills in the end
  const asl::Machine& machine;
  execution::Execution execution;
  std::map<execution::EffectId, OpenTask> tasks;
  std::map<execution::EffectId, Instant> timers;
  std::string task_ids = {};       // what they begin with; empty: there was none yet
  bool is_beyond_service = false;  // and a warning has said so

  bool is_closed() const { return row.stopped.has_value(); }
};

}  // namespace pawl::engine
