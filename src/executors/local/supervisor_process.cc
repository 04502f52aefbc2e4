#include "executors/local/supervisor_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>

#include "base/text.h"
#include "executors/local/local_socket.h"
#include "world/files.h"
#include "world/spawn.h"

namespace pawl::executors {
namespace {

constexpr milliseconds hello_patience = seconds(20);
constexpr int attempts_max = 3;

bool wait_for(int descriptor, milliseconds patience) {
  pollfd polled{descriptor, POLLIN, 0};
  return ::poll(&polled, 1, static_cast<int>(patience.count())) > 0;
}

}  // namespace

Result<MessageLine> SupervisorProcess::reach() {
  for (int attempts = 1;; ++attempts) {
    auto line = reach_running();
    if (!line && line.error().code() == ErrorCode::unavailable) line = greet(TRY(start()));
    // One that was about to end took the connection with it.
    if (line || line.error().code() != ErrorCode::unavailable || attempts == attempts_max)
      return line;
  }
}

Result<MessageLine> SupervisorProcess::reach_running() {
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
    if (!wait_for(line.number(), hello_patience))
      return Error(ErrorCode::timed_out,
                   concat("the supervisor of ", options_.directory, " does not answer"));
    const bool is_there = line.receive();
    if (const auto message = line.next()) {
      TRY(check(*message));
      return line;
    }
    if (!is_there || line.is_broken())
      return Error(ErrorCode::unavailable,
                   concat("the supervisor of ", options_.directory, " has ended"),
                   "supervisor.log there says why.");
  }
}

Result<void> SupervisorProcess::check(const Message& message) const {
  const auto version = message.kind == MessageKind::hello ? read_hello(message.body) : std::nullopt;
  if (version == protocol_version) return {};
  return Error(ErrorCode::unsupported,
               concat("the supervisor of ", options_.directory, " speaks version ",
                      version.value_or(0), " and this server ", protocol_version),
               "Let what it runs come to its end under the server that started it.");
}

// As long as we live it is our child; unreaped, it would look alive after its death.
void SupervisorProcess::forget_dead() {
  if (child_ > 0 && ::waitpid(child_, nullptr, WNOHANG) != 0) child_ = 0;
}

}  // namespace pawl::executors
