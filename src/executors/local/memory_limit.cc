#include "executors/local/memory_limit.h"

#include <unistd.h>

#include <algorithm>

#include "executors/local/census.h"

namespace pawl::executors {
namespace {

uint64_t resident(const std::vector<ProcessRow>& members) {
  uint64_t bytes = 0;
  for (const ProcessRow& row : members) bytes += row.resident_bytes;
  return bytes;
}

uint64_t proportional(const std::vector<ProcessRow>& members) {
  uint64_t bytes = 0;
  for (const ProcessRow& row : members) bytes += proportional_bytes(row.pid);
  return bytes;
}

// To look at all processes takes a while, and most attempts are short.
bool is_worth_a_look(const Entry& entry) {
  static const int64_t ticks = memory_watch_interval * ::sysconf(_SC_CLK_TCK) / seconds(1);
  return has_watched_limit(entry) && now_ticks() - entry.track.started.from >= ticks;
}

}  // namespace

std::vector<Entry*> attempts_over_memory(Ledger& ledger) {
  std::vector<Entry*> watched, over;
  for (const auto& [pid, entry] : ledger.by_pid()) {
    if (is_worth_a_look(*entry)) watched.push_back(entry);
  }
  if (watched.empty()) return over;
  const Census census = ledger.census();
  for (Entry* entry : watched) {
    const uint64_t bytes_max = uint64_t(entry->track.share.memory_mib) << 20;
    const auto& members = census.members_of(entry->track.pid);
    // The quick figure counts what is shared many times. It is never too small.
    if (resident(members) > bytes_max && proportional(members) > bytes_max) over.push_back(entry);
  }
  return over;
}

}  // namespace pawl::executors
