#include "executors/local/memory_limit.h"

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

}  // namespace

std::vector<Entry*> attempts_over_memory(Ledger& ledger) {
  std::vector<Entry*> over;
  const Census census(ledger.leaders());
  for (const auto& [pid, attempt] : ledger.leaders()) {
    Entry* entry = ledger.find_running(pid);
    if (!has_watched_limit(*entry)) continue;
    const uint64_t bytes_max = uint64_t(entry->track.share.memory_mib) << 20;
    const auto& members = census.members_of(pid);
    // The quick figure counts what is shared many times. It is never too small.
    if (resident(members) > bytes_max && proportional(members) > bytes_max) over.push_back(entry);
  }
  return over;
}

}  // namespace pawl::executors
