#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>

#include "base/check.h"
#include "base/text.h"
#include "bench/jobs/runs.h"
#include "bench/jobs/stopwatch.h"
#include "world/os_processes.h"

namespace pawl::bench {

double seconds_with_bare_loop(const Plan& plan) {
  const Stopwatch watch;
  std::vector<std::string> words = plan.command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t quietly;
  CHECK(::posix_spawn_file_actions_init(&quietly) == 0);
  CHECK(::posix_spawn_file_actions_addopen(&quietly, 1, "/dev/null", O_WRONLY, 0) == 0);
  int running = 0;
  for (int started = 0; started < plan.processes(); ++started, ++running) {
    if (running == plan.at_once) {
      ::wait(nullptr);
      --running;
    }
    pid_t pid = 0;
    CHECK(::posix_spawn(&pid, arguments.front(), &quietly, nullptr, arguments.data(), environ) ==
          0);
  }
  while (::wait(nullptr) > 0) {
  }
  ::posix_spawn_file_actions_destroy(&quietly);
  return watch.seconds();
}

double seconds_with_tool(const Plan& plan, const std::string& tool) {
  const Stopwatch watch;
  world::OsProcesses processes;
  const std::string line =
      concat("seq ", plan.processes(), " | ", tool, " ", join(plan.command, " "), " >/dev/null");
  world::Program program;
  program.arguments = {"sh", "-c", line};
  const auto exit = processes.run(program, hours(1), {});
  CHECK(exit && exit->status == 0);
  return watch.seconds();
}

}  // namespace pawl::bench
