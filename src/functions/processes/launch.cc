#include "functions/processes/launch.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "base/hash.h"
#include "base/text.h"
#include "world/account.h"
#include "world/files.h"
#include "world/os_clock.h"
#include "world/programs.h"
#include "world/spawn.h"

namespace pawl::functions::processes {
namespace {

struct Door {
  world::FileDescriptor listener;
  std::string address;  // "127.83.12.99:41234"
};

// All of 127.0.0.0/8 is this machine: a random address of it, and any free port there.
Result<Door> open_door(world::Random& random) {
  world::FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return errno_error("cannot make a socket", errno);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl((127u << 24) | (1u << 16) | (random.next() % 0xfe'ff'ff));
  socklen_t length = sizeof place;
  auto* address = reinterpret_cast<sockaddr*>(&place);
  if (::bind(socket.number(), address, length) != 0 || ::listen(socket.number(), 16) != 0 ||
      ::getsockname(socket.number(), address, &length) != 0)
    return errno_error("cannot listen for a process of a function", errno);
  char text[INET_ADDRSTRLEN];
  ::inet_ntop(AF_INET, &place.sin_addr, text, sizeof text);
  return Door{std::move(socket), concat(text, ":", ntohs(place.sin_port))};
}

struct Pipe {
  world::FileDescriptor reading, writing;
};

Result<Pipe> open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno_error("cannot make a pipe", errno);
  Pipe pipe{world::FileDescriptor(ends[0]), world::FileDescriptor(ends[1])};
  if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return errno_error("cannot set up a pipe", errno);
  return pipe;
}

std::string log_stream(world::Random& random) {
  const Instant now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  char number[17];
  std::snprintf(number, sizeof number, "%016llx", static_cast<unsigned long long>(random.next()));
  return concat(replace_all(format_date(now), "-", "/"), "/[$LATEST]", number);
}

// The function's own variables, and behind them those that win over them.
std::vector<std::string> environment_of(const Definition& definition, const std::string& task_root,
                                        const Surroundings& surroundings, world::Random& random) {
  std::map<std::string, std::string> variables = definition.environment;
  variables.emplace("PATH", world::search_path());
  variables.emplace("LANG", "C.UTF-8");
  variables.emplace("TZ", ":UTC");
  const std::pair<const char*, std::string> fixed[] = {
      {"LAMBDA_TASK_ROOT", task_root},
      {"LAMBDA_RUNTIME_DIR", task_root},
      {"AWS_REGION", surroundings.region},
      {"AWS_DEFAULT_REGION", surroundings.region},
      {"AWS_EXECUTION_ENV", "AWS_Lambda_" + definition.runtime},
      {"AWS_LAMBDA_FUNCTION_NAME", definition.name},
      {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", concat(definition.memory_mb)},
      {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
      {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
      {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + definition.name},
      {"AWS_LAMBDA_LOG_STREAM_NAME", log_stream(random)},
      {"_HANDLER", definition.handler},
  };
  for (const auto& [name, value] : fixed) variables[name] = value;
  std::vector<std::string> words;
  for (const auto& [name, value] : variables) words.push_back(concat(name, "=", value));
  return words;
}

// The command behind those that prepare the process for it: the shell puts itself into the control
// group, setpriv(1) has the kernel kill it with us and changes the account.
Result<std::vector<std::string>> prepared(std::vector<std::string> command,
                                          const std::string& control_group,
                                          const std::string& system_account) {
  std::vector<std::string> words;
  if (!control_group.empty())
    words = {"/bin/sh", "-c", "echo 0 >\"$0/cgroup.procs\"; exec \"$@\"", control_group};
  words.insert(words.end(), {"/usr/bin/setpriv", "--pdeathsig", "KILL"});
  if (!system_account.empty()) {
    const auto account = TRY(world::resolve_account(system_account));
    if (::geteuid() != account.user)
      words.insert(words.end(), {concat("--reuid=", account.user),
                                 concat("--regid=", account.group), "--init-groups"});
  }
  words.push_back("--");
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

Result<world::FileDescriptor> watch(pid_t process) {
  // Raw, because Debian 12's library has no wrapper. Close-on-exec by definition.
  world::FileDescriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  if (ended.is_open()) return ended;
  const Error error = errno_error("cannot watch a process of a function", errno);
  ::kill(-process, SIGKILL);
  ::waitpid(process, nullptr, 0);
  return error;
}

}  // namespace

std::string mark_of(std::string_view directory) {
  return concat("PAWL_FUNCTIONS=", sha256(directory).substr(0, 32));
}

Result<Launched> Launcher::launch(const Definition& definition) {
  static std::atomic<uint64_t> number = 0;
  world::OsRandom random;
  const std::string task_root = shelf_.task_root(definition);
  auto command = command_of(definition, task_root, pythons_);
  if (!command) return std::move(command).error().with_kind(invalid_entrypoint);
  if (!world::is_directory(task_root))
    return Error(ErrorCode::not_found, concat(task_root, " is no directory"))
        .with_kind(invalid_entrypoint);
  Door door = TRY(open_door(random));
  Pipe pipe = TRY(open_pipe());
  const std::string group = groups_.make(concat(++number), uint64_t(definition.memory_mb) << 20);
  const std::string mark = "AWS_LAMBDA_RUNTIME_API=" + door.address;

  world::Program program;
  program.arguments = TRY(prepared(*std::move(command), group, surroundings_.system_account));
  program.environment = environment_of(definition, task_root, surroundings_, random);
  program.environment.push_back(mark);
  program.environment.push_back(mark_of(shelf_.directory()));
  program.inherits_environment = false;
  program.directory = task_root;
  world::Streams streams;
  streams.input = TRY(world::input_of(program));
  streams.errors = world::FileDescriptor(::fcntl(pipe.writing.number(), F_DUPFD_CLOEXEC, 0));
  streams.output = std::move(pipe.writing);
  const auto process = world::spawn(program, streams, world::Leads::session);
  if (!process) {
    if (!group.empty()) ::rmdir(group.c_str());
    return process.error();
  }
  return Launched{Family(*process, mark, group), std::move(door.listener), std::move(pipe.reading),
                  TRY(watch(*process))};
}

}  // namespace pawl::functions::processes
