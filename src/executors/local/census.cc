#include "executors/local/census.h"

#include <unistd.h>

#include "executors/local/attempt_name.h"

namespace pawl::executors {

namespace {

// Whether it has lost its parent: who has one is asked for by way of it.
bool is_orphan(const ProcessRow& row) { return row.parent == 1 || row.parent == ::getpid(); }

}  // namespace

Census::Census(const Leaders& leaders) {
  for (const auto& [leader, attempt] : leaders) leader_by_name_[to_name(attempt)] = leader;
  for (const ProcessRow& row : all_processes()) rows_.emplace(row.pid, row);
  for (const auto& [pid, row] : rows_) {
    const pid_t leader = leader_of(row, leaders);
    if (leader != 0 && !row.is_dead) members_[leader].push_back(row);
  }
}

const std::vector<ProcessRow>& Census::members_of(pid_t leader) const {
  static const std::vector<ProcessRow> none;
  const auto found = members_.find(leader);
  return found == members_.end() ? none : found->second;
}

pid_t Census::leader_of(const ProcessRow& row, const Leaders& leaders) {
  if (leaders.contains(row.pid)) return row.pid;
  if (leaders.contains(row.session)) return row.session;
  const auto [known, is_new] = leader_by_pid_.emplace(row.pid, 0);
  if (!is_new) return known->second;
  pid_t leader = 0;
  if (const auto parent = rows_.find(row.parent); parent != rows_.end())
    leader = leader_of(parent->second, leaders);
  if (leader == 0 && is_orphan(row)) {
    const auto attempt = attempt_of_environment(row.pid);
    const auto named = attempt ? leader_by_name_.find(to_name(*attempt)) : leader_by_name_.end();
    if (named != leader_by_name_.end()) leader = named->second;
  }
  return leader_by_pid_[row.pid] = leader;
}

}  // namespace pawl::executors
