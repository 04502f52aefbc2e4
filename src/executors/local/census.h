#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "executors/local/process_table.h"

namespace pawl::executors {

// Which processes belong to which attempt, at one moment: the descendants of its program; those of
// its session; and those that have left both, as daemons do, by the environment that they were
// started with.
class Census {
 public:
  // By the process of its program, each attempt that runs.
  using Leaders = std::unordered_map<pid_t, Attempt>;

  explicit Census(const Leaders& leaders);

  const std::vector<ProcessRow>& members_of(pid_t leader) const;

 private:
  pid_t leader_of(const ProcessRow& row, const Leaders& leaders);

  std::unordered_map<pid_t, ProcessRow> rows_;
  std::unordered_map<std::string, pid_t> leader_by_name_;
  std::unordered_map<pid_t, pid_t> leader_by_pid_;  // 0: it belongs to none
  std::unordered_map<pid_t, std::vector<ProcessRow>> members_;
};

}  // namespace pawl::executors
