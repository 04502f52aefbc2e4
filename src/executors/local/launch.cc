#include "executors/local/launch.h"

#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

#include "base/text.h"

namespace pawl::executors {
namespace {

// What the new process reads and writes while it borrows our memory.
struct Borrowed {
  const char* program;
  char* const* arguments;
  char* const* environment;
  const Launch& plan;
  LaunchFailure failure;
};

bool set_streams(const Launch& plan) {
  return ::dup2(plan.input, STDIN_FILENO) >= 0 && ::dup2(plan.output, STDOUT_FILENO) >= 0 &&
         ::dup2(plan.output, STDERR_FILENO) >= 0;
}

LaunchStep steps_until_failure(const Borrowed& borrowed) {
  ::setsid();
  const Launch& plan = borrowed.plan;
  if (plan.group_procs >= 0 && ::write(plan.group_procs, "0", 1) != 1)
    return LaunchStep::enter_group;
  if (::chdir(plan.directory.c_str()) != 0) return LaunchStep::change_directory;
  if (!set_streams(plan)) return LaunchStep::set_streams;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(borrowed.program, borrowed.arguments, borrowed.environment);
  return LaunchStep::run_program;
}

// Runs in the new process, on a stack of its own.
[[gnu::no_sanitize("address")]] int become_program(void* argument) {
  auto& borrowed = *static_cast<Borrowed*>(argument);
  const LaunchStep step = steps_until_failure(borrowed);
  borrowed.failure = {step, errno};
  ::_exit(127);
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

bool is_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::string_view value_of(std::string_view name, const std::vector<std::string>& environment) {
  for (const std::string& variable : environment) {
    if (variable.starts_with(name)) return std::string_view(variable).substr(name.size());
  }
  return {};
}

}  // namespace

Result<pid_t, LaunchFailure> launch(const Launch& plan) {
  // One is enough: we wait until the new process has done with it.
  alignas(16) static std::array<char, 64 << 10> stack;
  const auto arguments = pointers_to(plan.arguments);
  const auto environment = pointers_to(plan.environment);
  Borrowed borrowed{plan.program.c_str(), arguments.data(), environment.data(), plan, {}};
  const pid_t pid = ::clone(become_program, stack.data() + stack.size(),
                            CLONE_VM | CLONE_VFORK | SIGCHLD, &borrowed);
  if (pid < 0) return LaunchFailure{LaunchStep::make, errno};
  if (borrowed.failure.step == LaunchStep::none) return pid;
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return borrowed.failure;
}

std::optional<std::string> find_program(const std::string& name,
                                        const std::vector<std::string>& environment) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string::npos) return name;
  std::optional<std::string> not_to_be_run;
  for (const std::string_view directory : split(value_of("PATH=", environment), ':')) {
    const std::string path = concat(directory.empty() ? "." : directory, "/", name);
    if (!is_file(path)) continue;
    if (::access(path.c_str(), X_OK) == 0) return path;
    if (!not_to_be_run) not_to_be_run = path;
  }
  return not_to_be_run;
}

}  // namespace pawl::executors
