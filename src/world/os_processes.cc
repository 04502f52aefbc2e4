#include "world/os_processes.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>

#include "base/text.h"
#include "world/files.h"
#include "world/spawn.h"

namespace pawl::world {
namespace {

using Steady = std::chrono::steady_clock;

constexpr size_t captured_bytes_max = 1 << 20;
// How late a cancellation may be noticed.
constexpr milliseconds attention(20);

// The reading end of a pipe and the last of what came through it.
class Capture {
 public:
  // The end to give to the program.
  Result<FileDescriptor> open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return errno_error("cannot make a pipe", errno);
    reading_ = FileDescriptor(ends[0]);
    FileDescriptor writing(ends[1]);
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
      return errno_error("cannot set up a pipe", errno);
    return writing;
  }

  int number() const { return reading_.number(); }

  // Takes what is there, without waiting. At most 1 MiB at once, so that a program that writes
  // without end is still seen to overrun its limit.
  void read_some() {
    char chunk[64 << 10];
    for (size_t total = 0; reading_.is_open() && total < captured_bytes_max;) {
      const ssize_t count = ::read(reading_.number(), chunk, sizeof chunk);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0) return reading_.close();
      total += count;
      bytes_.append(chunk, count);
      if (bytes_.size() > 2 * captured_bytes_max) cut();
    }
  }

  std::string take() {
    cut();
    return std::move(bytes_);
  }

 private:
  void cut() {
    if (bytes_.size() > captured_bytes_max) bytes_.erase(0, bytes_.size() - captured_bytes_max);
  }

  FileDescriptor reading_;
  std::string bytes_;
};

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// One program that runs, from its start to its end.
class Run {
 public:
  explicit Run(const Program& program) : program_(program) {}

  Result<void> start() {
    Streams streams{TRY(input_of(program_)), TRY(output_.open()), TRY(errors_.open())};
    pid_ = TRY(spawn(program_, streams, Leads::group));
    // Raw, because Debian 12's library has no wrapper. Close-on-exec by definition.
    ended_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    if (!ended_.is_open()) {
      const Error error = errno_error(concat("cannot watch ", program_.arguments[0]), errno);
      ::kill(-pid_, SIGKILL);
      reap(pid_);
      return error;
    }
    return {};
  }

  // Whether the program has ended before the deadline and before the cancellation.
  bool wait(Steady::time_point deadline, const Cancellation* cancellation) {
    for (;;) {
      if (turn(std::min<Steady::duration>(deadline - Steady::now(), attention))) return true;
      if (Steady::now() >= deadline) return false;
      if (cancellation && cancellation->is_requested()) return false;
    }
  }

  // TERM, time to obey, KILL. What is left of the group goes too, before the leader is reaped:
  // until then the number of the group cannot mean anyone else.
  void end(Duration grace) {
    ::kill(-pid_, SIGTERM);
    wait(Steady::now() + grace, nullptr);
    ::kill(-pid_, SIGKILL);
    while (!turn(hours(1))) {
    }
    reap(pid_);
  }

  // REQUIRES: the program has ended.
  Exit result() {
    output_.read_some();
    errors_.read_some();
    const int status = reap(pid_);
    return Exit{status, output_.take(), errors_.take()};
  }

 private:
  // Waits for output or the end, no longer than `duration`. True at the end. It is the program's
  // own end that counts and not that of its pipes, which a server that it started may hold on to.
  bool turn(Steady::duration duration) {
    pollfd watched[] = {
        {ended_.number(), POLLIN, 0}, {output_.number(), POLLIN, 0}, {errors_.number(), POLLIN, 0}};
    const auto wait_ms = std::chrono::ceil<milliseconds>(duration).count();
    ::poll(watched, 3, static_cast<int>(std::max<int64_t>(wait_ms, 0)));
    if (watched[1].revents != 0) output_.read_some();
    if (watched[2].revents != 0) errors_.read_some();
    return watched[0].revents != 0;
  }

  const Program& program_;
  Capture output_, errors_;
  pid_t pid_ = 0;
  FileDescriptor ended_;
};

}  // namespace

Result<Exit> OsProcesses::run(const Program& program, Duration limit,
                              const Cancellation& cancellation) {
  CHECK(!program.arguments.empty());
  const std::string& name = program.arguments.front();
  if (cancellation.is_requested())
    return Error(ErrorCode::cancelled, concat(name, " was not started: cancelled"));
  Run run(program);
  TRY(run.start());
  // A day more or less makes no difference to such a limit, but would to the clock's arithmetic.
  if (run.wait(Steady::now() + std::min<Duration>(limit, hours(24 * 365)), &cancellation))
    return run.result();
  const bool is_cancelled = cancellation.is_requested();
  run.end(grace_);
  if (is_cancelled) return Error(ErrorCode::cancelled, concat(name, " was stopped: cancelled"));
  return Error(ErrorCode::timed_out, concat(name, " did not end within ", format_duration(limit)));
}

Result<pid_t> OsProcesses::start_detached(const Program& program, const std::string& log_file) {
  Streams streams;
  streams.input = TRY(input_of(program));
  streams.output = TRY(open_file(log_file, O_WRONLY | O_CREAT | O_APPEND, "cannot open"));
  streams.errors = TRY(open_file(log_file, O_WRONLY | O_APPEND, "cannot open"));
  const pid_t pid = TRY(spawn(program, streams, Leads::session));
  // While we live it is our child; unreaped, it would look alive after its death.
  std::thread(reap, pid).detach();
  return pid;
}

}  // namespace pawl::world
