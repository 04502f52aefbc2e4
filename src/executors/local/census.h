#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "executors/local/process_table.h"

namespace pawl::executors {

// Which processes belong to which attempt, at one moment: the descendants of its program; those of
// its session; and those that have left both, as daemons do, by the mark in their environment.
class Census {
 public:
  // The programs of attempts that run, and when they began. One may have ended a moment ago.
  using Leaders = std::unordered_map<pid_t, TickSpan>;

  // Of the supervisor of this directory. Where /proc cannot be read, nothing belongs to any.
  Census(Leaders leaders, std::string directory);

  // None where the number means another process by now: then that of the program, of its group
  // and of its session are free again.
  const std::vector<ProcessRow>& members_of(pid_t leader) const;
  bool is_still(pid_t leader) const { return leaders_.contains(leader); }

 private:
  pid_t leader_of(const ProcessRow& row);
  pid_t marked_leader_of(const ProcessRow& row) const;

  Leaders leaders_;
  const std::string directory_;
  int64_t first_ticks_ = INT64_MAX;  // when the first of the leaders began
  std::unordered_map<pid_t, ProcessRow> rows_;
  std::unordered_map<pid_t, pid_t> leader_by_pid_;  // 0: it belongs to none
  std::unordered_map<pid_t, std::vector<ProcessRow>> members_;
};

}  // namespace pawl::executors
