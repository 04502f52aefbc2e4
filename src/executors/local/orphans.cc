#include "executors/local/orphans.h"

#include <csignal>
#include <unordered_set>

namespace pawl::executors {
namespace {

std::optional<Attempt> attempt_of(pid_t orphan, Ledger& ledger) {
  const auto row = process_row(orphan);
  if (const Entry* entry = row ? ledger.find_running(row->session) : nullptr)
    return entry->track.attempt;
  auto mark = mark_of(orphan);
  return mark && mark->directory == ledger.directory() ? std::optional(std::move(mark->attempt))
                                                       : std::nullopt;
}

bool is_running(const std::optional<Attempt>& attempt, Ledger& ledger) {
  if (!attempt) return ledger.running() > 0;
  const Entry* entry = ledger.find(*attempt);
  return entry && entry->is_running();
}

}  // namespace

void Orphans::sweep(Ledger& ledger) {
  std::unordered_set<pid_t> present;
  for (const pid_t child : own_children()) {
    if (ledger.find_running(child)) continue;
    present.insert(child);
    if (!orphans_.contains(child)) orphans_[child] = attempt_of(child, ledger);
  }
  std::erase_if(orphans_, [&](const auto& orphan) { return !present.contains(orphan.first); });
  // It is our child and not reaped, so the number means no one else.
  for (const auto& [orphan, attempt] : orphans_) {
    if (!is_running(attempt, ledger)) ::kill(orphan, SIGKILL);
  }
}

}  // namespace pawl::executors
