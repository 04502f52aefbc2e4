#include "executors/local/supervisor_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>

#include "base/text.h"
#include "executors/local/local_socket.h"
#include "executors/local/station.h"
#include "world/files.h"
#include "world/spawn.h"

namespace pawl::executors {
namespace {

constexpr milliseconds hello_patience = seconds(5);
constexpr milliseconds between_looks(50);
constexpr int attempts_max = 3;

bool wait_for(int descriptor, milliseconds patience, int given_up) {
  pollfd polled[] = {{descriptor, POLLIN, 0}, {given_up, POLLIN, 0}};
  return ::poll(polled, 2, static_cast<int>(patience.count())) > 0 && polled[0].revents != 0;
}

}  // namespace

Result<MessageLine> SupervisorProcess::reach() {
  for (int attempts = 1;; ++attempts) {
    auto line = reach_running();
    if (!line && line.error().code() == ErrorCode::unavailable) line = greet_new(TRY(start()));
    // One that was about to end took the connection with it.
    if (line || line.error().code() != ErrorCode::unavailable || attempts == attempts_max)
      return line;
  }
}

Result<MessageLine> SupervisorProcess::reach_running() const {
  auto socket = TRY(connect_in(options_.directory));
  if (is_peer_ours(socket)) return greet(std::move(socket));
  return Error(ErrorCode::permission_denied,
               concat("the supervisor of ", options_.directory, " is of another account"));
}

Result<world::FileDescriptor> SupervisorProcess::start() {
  forget_dead();
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return errno_error("cannot make a socket", errno);
  world::FileDescriptor ours(ends[0]);
  const std::string log_path = options_.directory + "/supervisor.log";
  constexpr int log_flags = O_WRONLY | O_CREAT | O_APPEND;
  world::Streams streams;
  streams.input = world::FileDescriptor(ends[1]);
  streams.output = TRY(world::open_file(log_path, log_flags, "cannot open"));
  streams.errors = TRY(world::open_file(log_path, log_flags, "cannot open"));
  world::Program program;
  program.arguments = {options_.program,   "supervise",  "--directory",
                       options_.directory, "--grace-ms", concat(options_.grace / milliseconds(1))};
  child_ = TRY(world::spawn(program, streams, world::Leads::session));
  return ours;
}

Result<MessageLine> SupervisorProcess::greet(world::FileDescriptor socket) const {
  MessageLine line(std::move(socket));
  append_hello(line.outgoing());
  line.send();
  for (;;) {
    if (!wait_for(line.number(), hello_patience, given_up_.number()))
      return silent(ErrorCode::timed_out, holder());
    const bool is_there = line.receive();
    if (const auto message = line.next()) {
      TRY(check(*message));
      return line;
    }
    if (!is_there || line.is_broken()) return ended();
  }
}

// Another one may have been about to begin: then that is to be greeted, and ours ends.
Result<MessageLine> SupervisorProcess::greet_new(world::FileDescriptor socket) const {
  for (milliseconds waited = {}; waited < hello_patience; waited += between_looks) {
    if (wait_for(socket.number(), between_looks, given_up_.number())) break;
    if (auto other = reach_running()) return other;
    if (wait_for(given_up_.number(), {}, -1)) break;
  }
  return greet(std::move(socket));
}

Result<void> SupervisorProcess::check(const Message& message) const {
  const auto version = message.kind == MessageKind::hello ? read_hello(message.body) : std::nullopt;
  if (version == protocol_version) return {};
  return Error(ErrorCode::unsupported,
               concat("the supervisor of ", options_.directory, " speaks version ",
                      version.value_or(0), " and this server ", protocol_version),
               "Let what it runs come to its end under the server that started it.");
}

// The process that holds the lock, unless it is gone.
std::optional<ProcessRow> SupervisorProcess::holder() const {
  const auto pid = supervisor_in(options_.directory);
  auto row = pid ? process_row(*pid) : std::nullopt;
  if (row && row->is_dead) row.reset();
  return row;
}

// With what an operator has to know to wake it, or to end it.
Error SupervisorProcess::silent(ErrorCode code, const std::optional<ProcessRow>& holder) const {
  std::string name = concat("the supervisor of ", options_.directory);
  if (holder)
    name += concat(", process ", holder->pid, holder->is_stopped ? ", stopped by a signal," : ",");
  return {code, concat(name, " does not answer"),
          "Jobs on this machine wait for it; what runs goes on."};
}

// One that we have started ends where another one holds the lock.
Error SupervisorProcess::ended() const {
  if (const auto other = holder(); other && other->pid != child_)
    return silent(ErrorCode::unavailable, other);
  return {ErrorCode::unavailable, concat("the supervisor of ", options_.directory, " has ended"),
          "supervisor.log there says why."};
}

// As long as we live it is our child; unreaped, it would look alive after its death.
void SupervisorProcess::forget_dead() {
  if (child_ > 0 && ::waitpid(child_, nullptr, WNOHANG) != 0) child_ = 0;
}

}  // namespace pawl::executors
