#include "executors/local/census.h"

#include <algorithm>
#include <utility>

namespace pawl::executors {

Census::Census(Leaders leaders, std::string directory)
    : leaders_(std::move(leaders)), directory_(std::move(directory)) {
  auto rows = all_processes();
  if (!rows) return;
  for (const ProcessRow& row : *rows) rows_.emplace(row.pid, row);
  std::erase_if(leaders_, [this](const auto& leader) {
    const auto row = rows_.find(leader.first);
    return row != rows_.end() && !leader.second.has(row->second.started_ticks);
  });
  for (const auto& [pid, started] : leaders_) first_ticks_ = std::min(first_ticks_, started.from);
  for (const auto& [pid, row] : rows_) {
    const pid_t leader = leader_of(row);
    if (leader != 0 && !row.is_dead) members_[leader].push_back(row);
  }
}

const std::vector<ProcessRow>& Census::members_of(pid_t leader) const {
  static const std::vector<ProcessRow> none;
  const auto found = members_.find(leader);
  return found == members_.end() ? none : found->second;
}

pid_t Census::leader_of(const ProcessRow& row) {
  if (leaders_.contains(row.pid)) return row.pid;
  if (leaders_.contains(row.session)) return row.session;
  const auto [known, is_new] = leader_by_pid_.emplace(row.pid, 0);
  if (!is_new) return known->second;
  pid_t leader = 0;
  if (const auto parent = rows_.find(row.parent); parent != rows_.end())
    leader = leader_of(parent->second);
  return leader_by_pid_[row.pid] = leader == 0 ? marked_leader_of(row) : leader;
}

// Whoever is the parent now of what has lost its own: the first process, a supervisor, or what
// else has declared itself to be one (systemd --user, a container's first process).
pid_t Census::marked_leader_of(const ProcessRow& row) const {
  // To read an environment takes longer than all the rest, and most processes are older.
  if (row.is_dead || row.started_ticks < first_ticks_) return 0;
  const auto mark = mark_of(row.pid);
  return mark && mark->directory == directory_ && leaders_.contains(mark->leader) ? mark->leader
                                                                                  : 0;
}

}  // namespace pawl::executors
