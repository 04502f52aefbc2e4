#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "engine/activities/activity_tasks.h"
#include "engine/engine.h"
#include "engine/limits.h"
#include "engine/timers.h"
#include "world/repeated_lines.h"

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

// Open executions that are not in memory.
class Sleepers {
 public:
  void add(int64_t execution) { failures_[execution] = 0; }
  void remove(int64_t execution) { failures_.erase(execution); }
  bool has(int64_t execution) const { return failures_.contains(execution); }
  size_t size() const { return failures_.size(); }

  // One of them could not be woken, once more: how long it sleeps on before that is tried again.
  Duration put_off(int64_t execution) {
    int& failures = failures_.at(execution);
    const Duration delay = waking_delay_min * (1 << failures);
    failures = std::min(failures + 1, waking_delays_max);
    return delay;
  }
  // Whether that is said now, and of how many it was not said since: a disk that fails would fill
  // the log, the same of each of them.
  std::optional<size_t> admit_line(const Error& error, Instant now) {
    return lines_.admit(error.text(), world::RepeatedLines::Moment(now.time_since_epoch()));
  }

 private:
  std::unordered_map<int64_t, int> failures_;  // to wake it, in a row
  world::RepeatedLines lines_{minutes(1)};
};

}  // namespace pawl::engine
