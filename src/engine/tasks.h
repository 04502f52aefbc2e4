#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "asl/failure.h"
#include "base/time.h"
#include "json/value.h"

namespace pawl::engine {

// Work for the outside, as a Task state asks for it.
struct TaskRequest {
  std::string id;  // stable: the same after a crash, so doing it twice is harmless or detected
  std::string execution_arn, execution_name;
  std::string state;
  std::string resource;  // ARN
  json::Value input;
  int64_t attempt = 0;
};

// How far a running task has come. Kept in memory only; also counts as a heartbeat.
struct Progress {
  uint64_t done = 0, total = 0;  // total 0: unknown
  std::string unit;              // "bytes", "rows"
  std::string note;              // "copying base/5/1259"
};

// Where runners and everyone else outside the loop put what has happened. Any thread, never blocks.
class TaskReports {
 public:
  virtual ~TaskReports() = default;
  virtual void finished(std::string_view task_id, asl::Outcome<json::Value> outcome) = 0;
  virtual void submitted(std::string_view task_id, json::Value output) = 0;
  virtual void progressed(std::string_view task_id, Progress progress) = 0;
};

// The port through which tasks are run. Called on the loop's thread and must not block. A task that
// is started again under the same id while it runs is not started twice.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;
  virtual bool accepts(std::string_view resource) const = 0;
  virtual void start(TaskRequest request) = 0;
  // Those of one turn, each as by itself.
  virtual void start_all(std::vector<TaskRequest> requests) {
    for (TaskRequest& request : requests) start(std::move(request));
  }
  // Best effort: a report may still come, and is ignored.
  virtual void cancel(std::string_view task_id) = 0;
};

}  // namespace pawl::engine
