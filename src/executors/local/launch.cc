#include "executors/local/launch.h"

#include <linux/sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

#include "base/text.h"
#include "executors/local/process_table.h"

namespace pawl::executors {
namespace {

// What the new process reads and writes while it borrows our memory.
struct Borrowed {
  const char* program;
  char* const* arguments;
  char* const* environment;
  const Launch& plan;
  char* leader;  // the digits of the mark; null where there is none
  LaunchFailure failure;
};

// What runs on the borrowed stack is not instrumented: its marks would stay behind there.
[[gnu::no_sanitize("address")]] bool set_streams(const Launch& plan) {
  return ::dup2(plan.input, STDIN_FILENO) >= 0 && ::dup2(plan.output, STDOUT_FILENO) >= 0 &&
         ::dup2(plan.output, STDERR_FILENO) >= 0;
}

[[gnu::no_sanitize("address")]] void put_down_process(char* digits) {
  pid_t pid = ::getpid();
  for (size_t at = mark_leader_digits; at-- > 0; pid /= 10)
    digits[at] = static_cast<char>('0' + pid % 10);
}

[[gnu::no_sanitize("address")]] LaunchStep steps_until_failure(const Launch& plan,
                                                               const Borrowed& borrowed) {
  ::setsid();
  if (borrowed.leader != nullptr) put_down_process(borrowed.leader);
  ::setrlimit(RLIMIT_NOFILE, &plan.open_files);
  if (::chdir(plan.directory.c_str()) != 0) return LaunchStep::change_directory;
  if (!set_streams(plan)) return LaunchStep::set_streams;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(borrowed.program, borrowed.arguments, borrowed.environment);
  return LaunchStep::run_program;
}

// Runs in the new process.
[[gnu::no_sanitize("address"), gnu::noinline, noreturn]] void become_program(Borrowed& borrowed) {
  const LaunchStep step = steps_until_failure(borrowed.plan, borrowed);
  borrowed.failure = {step, errno};
  ::_exit(127);
}

// The system call alone: a function that makes it could not return twice on one stack. The number
// of the new process, 0 in it, or an error below 0.
[[gnu::always_inline]] inline long clone_here(clone_args& arguments) {
#if defined(__x86_64__)
  long result = SYS_clone3;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(&arguments), "S"(sizeof arguments)
               : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long result asm("x0") = reinterpret_cast<long>(&arguments);
  register long size asm("x1") = sizeof arguments;
  register long call asm("x8") = SYS_clone3;
  asm volatile("svc 0" : "+r"(result) : "r"(size), "r"(call) : "memory");
  return result;
#else
#error "the system call of this processor is to be written down here"
#endif
}

// The new process borrows our memory and this very stack, as that of vfork does, and we wait until
// it has done with them. It begins inside its control group: to move there later takes the kernel
// longer than all the rest.
[[gnu::no_sanitize("address"), gnu::noinline]] long make_process(Borrowed& borrowed) {
  clone_args arguments{};
  arguments.flags = CLONE_VM | CLONE_VFORK;
  arguments.exit_signal = SIGCHLD;
  if (borrowed.plan.group >= 0) {
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = static_cast<uint64_t>(borrowed.plan.group);
  }
  const long pid = clone_here(arguments);
  if (pid == 0) become_program(borrowed);
  return pid;
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
  const auto arguments = pointers_to(plan.arguments);
  auto environment = pointers_to(plan.environment);
  std::string mark = plan.mark;
  char* leader = nullptr;
  if (!mark.empty()) {
    environment.insert(environment.begin(), mark.data());
    leader = mark.data() + mark_name.size();
  }
  Borrowed borrowed{plan.program.c_str(), arguments.data(), environment.data(), plan, leader, {}};
  const auto pid = static_cast<pid_t>(make_process(borrowed));
  if (pid < 0) return LaunchFailure{LaunchStep::make, -pid};
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
