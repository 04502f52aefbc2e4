#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/tasks.h"

namespace pawl::sim {

// Runs no task: it keeps what was started until a test says how each one ends. What a server
// process held is lost by crash(); what has been seen is kept, and held against the promise that
// work is repeated only under its own id.
class ScriptedRunner : public engine::TaskRunner {
 public:
  // Reports go here; set anew for each engine.
  void report_to(engine::TaskReports& reports) { reports_ = &reports; }
  // Called for each start, before anything else.
  void on_start(std::function<void(const engine::TaskRequest&)> check) {
    check_ = std::move(check);
  }
  // Work that was asked for anew is other work, though all else is the same.
  void number_redrives_by(std::function<int64_t(const std::string& execution_arn)> redrives) {
    redrives_ = std::move(redrives);
  }

  bool accepts(std::string_view resource) const override;
  void start(engine::TaskRequest request) override;
  void cancel(std::string_view task_id) override;

  // Tasks that were started and not ended, by id.
  const std::map<std::string, engine::TaskRequest>& running() const { return running_; }
  size_t starts() const { return starts_; }
  std::vector<std::string> cancelled() const { return cancelled_; }

  void succeed(std::string task_id, json::Value output);
  void fail(std::string task_id, std::string error, std::string cause);
  // The process has died: its tasks are gone without a report.
  void crash() { running_.clear(); }
  // From the n-th start on, the process takes no effect outside any more (it is about to crash).
  void die_after_starts(size_t count) { starts_left_ = count; }
  void revive() { starts_left_ = SIZE_MAX; }

  // What was promised and not held; empty is good.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  void check_repeat(const engine::TaskRequest& request);

  engine::TaskReports* reports_ = nullptr;
  std::function<void(const engine::TaskRequest&)> check_;
  std::function<int64_t(const std::string&)> redrives_;
  std::map<std::string, engine::TaskRequest> running_;
  std::map<std::string, std::string> work_of_id_;
  std::map<std::string, std::string> id_of_work_;
  std::vector<std::string> cancelled_, complaints_;
  size_t starts_ = 0;
  size_t starts_left_ = SIZE_MAX;
};

}  // namespace pawl::sim
