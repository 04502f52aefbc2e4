#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "executors/executor.h"

// The processes of this machine, as /proc shows them.
namespace pawl::executors {

// From one tick of the machine's clock to another, both included. Two processes of one number
// cannot both have begun in so short a span: the numbers in between would all have to be used.
struct TickSpan {
  int64_t from = 0, until = 0;
};

// The clock on which /proc tells when a process began: ticks since the machine was started.
int64_t now_ticks();

struct ProcessRow {
  pid_t pid = 0, parent = 0, group = 0, session = 0;
  int64_t started_ticks = 0;
  uint64_t resident_bytes = 0;
  bool is_dead = false;  // a zombie: it has ended, and its parent has not asked for its status
  int status = 0;        // of one that is dead: the exit status, or 128 + the signal
};

// The same for what waitpid tells.
int status_of(int wait_status);

std::optional<ProcessRow> process_row(pid_t pid);
std::vector<ProcessRow> all_processes();
// The processes whose parent we are; none where the kernel does not tell. REQUIRES: we have one
// thread.
std::vector<pid_t> own_children();
// The memory of the process, of what it shares with others its part. It takes the kernel a while.
uint64_t proportional_bytes(pid_t pid);

// The attempt whose environment the process has.
std::optional<Attempt> attempt_of_environment(pid_t pid);

}  // namespace pawl::executors
