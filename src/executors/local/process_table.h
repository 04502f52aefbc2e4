#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "executors/executor.h"

// The processes of this machine, as /proc shows them.
namespace pawl::executors {

// From one tick of the machine's clock to another, both included. Two processes of one number
// cannot both have begun in so short a span: the numbers in between would all have to be used.
struct TickSpan {
  int64_t from = 0, until = 0;

  bool has(int64_t ticks) const { return from <= ticks && ticks <= until; }
};

// The clock on which /proc tells when a process began: ticks since the machine was started.
int64_t now_ticks();

struct ProcessRow {
  pid_t pid = 0, parent = 0, group = 0, session = 0;
  int64_t started_ticks = 0;
  uint64_t resident_bytes = 0;
  bool is_dead = false;     // a zombie: it has ended, and its parent has not asked for its status
  bool is_stopped = false;  // by a signal, until another one lets it go on
  int status = 0;           // of one that is dead: the exit status, or 128 + the signal
};

// The same for what waitpid tells.
int status_of(int wait_status);

std::optional<ProcessRow> process_row(pid_t pid);
// The error says that /proc shows us nothing: then nothing can be said of any process.
Result<std::vector<ProcessRow>> all_processes();
// The processes whose parent we are; none where the kernel does not tell. REQUIRES: we have one
// thread.
std::vector<pid_t> own_children();
// The memory of the process, of what it shares with others its part. It takes the kernel a while.
uint64_t proportional_bytes(pid_t pid);

// What each program of ours, and what comes from it, has in its environment:
//
//   PAWL_ATTEMPT=<process of the program, ten digits> <attempt> <directory of the supervisor>
//
// It is how they are found where the journal says nothing of them, and no one else's are taken for
// them: a copy of the data may be in use elsewhere on this machine.
struct AttemptMark {
  pid_t leader = 0;
  Attempt attempt = {};
  std::string directory = {};
};

inline constexpr std::string_view mark_name = "PAWL_ATTEMPT=";
inline constexpr size_t mark_leader_digits = 10;

// Of a leader that is not known yet: 0.
std::string to_variable(const AttemptMark& mark);
std::optional<AttemptMark> mark_of(pid_t pid);

struct MarkedProcess {
  ProcessRow row;
  AttemptMark mark;
};
// Those that live, of the supervisors of this directory.
std::vector<MarkedProcess> marked_processes(const std::vector<ProcessRow>& rows,
                                            const std::string& directory);

}  // namespace pawl::executors
