#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "executors/local/census.h"
#include "executors/local/journal.h"
#include "world/file_descriptor.h"

namespace pawl::executors {

using Steady = std::chrono::steady_clock;

// An attempt that the supervisor answers for, until the server has settled it.
struct Entry {
  Track track;
  bool is_wanted = true;          // the server asks for its end
  world::FileDescriptor watched;  // of one that an earlier supervisor has started: its pidfd
  bool is_stopping = false;       // it has been told to end
  bool is_out_of_memory = false;  // and that is why
  bool has_group = false;         // a control group of its own
  std::string log;                // that it writes to; of one that we have started

  bool is_running() const { return track.phase == Phase::spawned; }
};

// Whether its memory is limited by us only, who have to look.
bool has_watched_limit(const Entry& entry);

// All attempts that are not settled, each change of them in the journal before anyone is told.
class Ledger {
 public:
  using Entries = std::unordered_map<std::string, Entry>;

  explicit Ledger(std::string directory) : directory_(std::move(directory)) {}

  // Takes over what an earlier supervisor has left; writes nothing yet: until the server has named
  // what it knows, the journal must go on to say what it says. Programs that run are found also
  // where the journal does not name them; what is left of others is killed.
  Result<void> recover();
  // The attempts that the server knows and that have no entry get one, as far as the journal that
  // was found does not say for certain that they have never run. From here on we write.
  void complete(const std::vector<Attempt>& known);

  const std::string& directory() const { return directory_; }
  Entries& entries() { return entries_; }
  Entry* find(const Attempt& attempt);
  Entry* find_running(pid_t pid);
  size_t running() const { return by_pid_.size(); }
  const std::unordered_map<pid_t, Entry*>& by_pid() const { return by_pid_; }
  Census census() const;
  bool has_watched_limits() const;
  // Those whose end only their pidfd tells.
  const std::vector<Entry*>& watched() const { return watched_; }

  // Entries for attempts that are about to be started. The error is that of the disk.
  Result<void> begin(const std::vector<Attempt>& attempts);
  void spawned(Entry& entry, pid_t pid, TickSpan span);
  void ended(Entry& entry, Ending ending);
  void lost(Entry& entry, std::string why);
  // Forgets it, unless it runs.
  void settle(const Attempt& attempt);
  // Writes what is waiting; logs where that is not possible.
  void flush();
  // Leaves the smallest journal that says the same.
  void compact();
  // Writes the journal again where someone has removed it.
  void keep_journal();

 private:
  // By the name of its attempt, each program that runs.
  using Programs = std::unordered_map<std::string, ProcessRow>;
  Programs programs(const std::vector<ProcessRow>& rows) const;
  Result<void> adopt(Entry& entry, const Programs& programs);
  Result<bool> watch(Entry& entry);
  void kill_strays() const;
  bool is_stray(const AttemptMark& mark) const;
  void end(Entry& entry, Phase phase, Ending ending);
  Result<void> rewrite();

  const std::string directory_;
  Trust trust_ = Trust::whole;
  std::optional<Journal> journal_;
  Entries entries_;
  std::unordered_map<pid_t, Entry*> by_pid_;
  std::vector<Entry*> watched_;
  uint64_t rewrite_at_bytes_ = 0;
  bool is_failing_ = false;
};

}  // namespace pawl::executors
