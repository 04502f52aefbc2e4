#include "executors/local/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "executors/local/local_socket.h"
#include "executors/local/station.h"
#include "executors/local/supervision.h"
#include "world/files.h"
#include "world/short_turns.h"

namespace pawl::executors {
namespace {

// How often we look whether someone has removed what makes us the supervisor.
constexpr Duration look_interval = seconds(1);

// CHLD, and what asks us to end, as a descriptor that can be waited for.
Result<world::FileDescriptor> take_signals() {
  sigset_t all, taken;
  ::sigfillset(&all);
  ::sigemptyset(&taken);
  for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&taken, signal);
  // Children get what we have. What a program before us has chosen to ignore is not theirs.
  for (int signal = 1; signal < SIGRTMIN; ++signal) ::signal(signal, SIG_DFL);
  ::sigprocmask(SIG_SETMASK, &taken, nullptr);
  world::FileDescriptor signals(::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals.is_open()) return errno_error("cannot take signals", errno);
  return signals;
}

// The connection to the server that has started us, where standard input is one.
world::FileDescriptor first_connection(const world::FileDescriptor& nothing) {
  int kind = 0;
  socklen_t size = sizeof kind;
  world::FileDescriptor socket;
  if (::getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &kind, &size) == 0)
    socket = world::FileDescriptor(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  ::dup2(nothing.number(), STDIN_FILENO);
  return socket;
}

// An attempt that an earlier supervisor has started takes a descriptor. Attempts have the limit
// that we were given.
rlimit raise_open_files() {
  rlimit given{};
  ::getrlimit(RLIMIT_NOFILE, &given);
  const rlimit raised{given.rlim_max, given.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &raised);
  return given;
}

// Waits for what happens, and says so.
class Loop {
 public:
  Loop(const SupervisorOptions& options, world::FileDescriptor signals, Station& station,
       Supervision& supervision)
      : options_(options),
        signals_(std::move(signals)),
        station_(station),
        supervision_(supervision) {}

  // False where another supervisor has taken our place: it has all that runs, and the journal.
  bool run() {
    while (!is_over()) {
      turn();
      if (!keep_place()) return false;
      supervision_.kill_overdue();
      supervision_.watch_memory();
      supervision_.start_some();
      supervision_.tell();
    }
    return true;
  }

 private:
  // Before each start, too, however long we have slept: two supervisors may not begin the same.
  bool keep_place() {
    const auto now = Steady::now();
    if (now < look_at_ && !supervision_.has_to_start()) return true;
    look_at_ = now + look_interval;
    if (!world::is_directory(options_.directory)) return true;
    if (!station_.keep()) return false;
    supervision_.ledger().keep_journal();
    return true;
  }

  bool is_over() {
    if (supervision_.is_over()) return true;
    if (!supervision_.is_idle()) {
      idle_since_.reset();
      return false;
    }
    if (!idle_since_) idle_since_ = Steady::now();
    // Where the directory is gone there is nothing left to serve.
    return Steady::now() - *idle_since_ >= options_.idle ||
           !world::is_directory(options_.directory);
  }

  int patience_ms() const {
    if (supervision_.has_to_start()) return 0;
    Steady::time_point until = look_at_;
    if (const auto deadline = supervision_.next_deadline()) until = std::min(until, *deadline);
    if (idle_since_) until = std::min(until, *idle_since_ + options_.idle);
    const auto patience = std::chrono::ceil<milliseconds>(until - Steady::now());
    return static_cast<int>(std::max<int64_t>(patience.count(), 0));
  }

  void turn() {
    const MessageLine& line = supervision_.line();
    const short line_events = supervision_.has_to_tell() ? POLLIN | POLLOUT : POLLIN;
    std::vector<pollfd> polled = {{signals_.number(), POLLIN, 0},
                                  {station_.listener(), POLLIN, 0},
                                  {line.is_open() ? line.number() : -1, line_events, 0}};
    const std::vector<Entry*> watched = supervision_.ledger().watched();
    for (const Entry* entry : watched) polled.push_back({entry->watched.number(), POLLIN, 0});
    if (::poll(polled.data(), polled.size(), patience_ms()) <= 0) return;
    for (size_t at = 0; at < watched.size(); ++at) {
      if (polled[3 + at].revents != 0) supervision_.see_end_of(*watched[at]);
    }
    if (polled[0].revents != 0) take_signals_sent();
    if (polled[2].revents & ~POLLOUT) supervision_.hear();
    if (polled[1].revents != 0) accept();
  }

  void take_signals_sent() {
    // A signal waits once at most, so there is room for all.
    std::array<signalfd_siginfo, 8> sent;
    const ssize_t bytes = ::read(signals_.number(), sent.data(), sizeof sent);
    for (ssize_t at = 0; (at + 1) * ssize_t(sizeof sent[0]) <= bytes; ++at) {
      if (sent[at].ssi_signo == SIGTERM) supervision_.end_all();
    }
    supervision_.reap();
  }

  void accept() {
    world::FileDescriptor socket(::accept4(station_.listener(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket.is_open()) return;
    if (is_peer_ours(socket)) return supervision_.connect(std::move(socket));
    log(LogLevel::warning, "a connection of another account was refused");
  }

  const SupervisorOptions& options_;
  const world::FileDescriptor signals_;
  Station& station_;
  Supervision& supervision_;
  Steady::time_point look_at_ = {};
  std::optional<Steady::time_point> idle_since_;
};

Result<void> supervise(const SupervisorOptions& options) {
  TRY(world::make_directories(options.directory, 0700));
  Station station = TRY(Station::take(options.directory));
  world::FileDescriptor nothing = TRY(world::open_file("/dev/null", O_RDONLY, "cannot open"));
  world::FileDescriptor first = first_connection(nothing);
  world::FileDescriptor signals = TRY(take_signals());
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::chdir("/");
  world::take_short_turns();
  Supervision supervision(options, {std::move(nothing), raise_open_files(), options.directory});
  TRY(supervision.recover());
  TRY(station.open());
  if (first.is_open()) supervision.connect(std::move(first));
  if (!Loop(options, std::move(signals), station, supervision).run())
    return Error(ErrorCode::conflict, "another supervisor has taken its place");
  supervision.ledger().compact();
  return {};
}

}  // namespace

int run_supervisor(const SupervisorOptions& options) {
  const auto done = supervise(options);
  if (!done) log(LogLevel::error, "the supervisor ends", {{"error", done.error().text()}});
  return done ? 0 : 1;
}

}  // namespace pawl::executors
