#include "cli/interrupt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.h"

namespace pawl::cli {
namespace {

// A signal handler may write to a pipe and to little else; this is the one it writes to.
int pipe_ends[2] = {-1, -1};

void set_actions(void (*action)(int)) {
  struct sigaction change {};
  change.sa_handler = action;
  sigaction(SIGINT, &change, nullptr);
  sigaction(SIGTERM, &change, nullptr);
}

void note(int) {
  const char byte = 1;
  [[maybe_unused]] const auto written = write(pipe_ends[1], &byte, 1);
  set_actions(SIG_DFL);  // the second signal ends the process
}

bool poll_pipe(int limit_ms) {
  pollfd entry{pipe_ends[0], POLLIN, 0};
  return poll(&entry, 1, limit_ms) > 0;
}

}  // namespace

Interrupt::Interrupt() {
  CHECK(pipe_ends[0] == -1 && pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) == 0);
  set_actions(note);
}

Interrupt::~Interrupt() {
  set_actions(SIG_DFL);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  pipe_ends[0] = pipe_ends[1] = -1;
}

bool Interrupt::wait_for(Duration duration) const {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (true) {
    const auto left =
        std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now()).count();
    if (poll_pipe(static_cast<int>(std::clamp<int64_t>(left, 0, 60'000)))) return true;
    if (left <= 0) return false;
  }
}

void Interrupt::wait() const {
  while (!poll_pipe(-1)) {
  }
}

bool Interrupt::has_come() const { return poll_pipe(0); }

}  // namespace pawl::cli
