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

namespace {

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

void spawn(Command command, int index, const posix_spawn_file_actions_t& actions) {
  std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "HOME=/",
                                          concat("AWS_BATCH_JOB_ARRAY_INDEX=", index)};
  pid_t pid = 0;
  CHECK(::posix_spawn(&pid, command.front().c_str(), &actions, nullptr, pointers_to(command).data(),
                      pointers_to(environment).data()) == 0);
}

void wait_for_one() {
  int status = 0;
  CHECK(::wait(&status) > 0 && status == 0);
}

}  // namespace

double seconds_with_bare_loop(const Plan& plan) {
  const Stopwatch watch;
  posix_spawn_file_actions_t quietly;
  CHECK(::posix_spawn_file_actions_init(&quietly) == 0);
  CHECK(::posix_spawn_file_actions_addopen(&quietly, 1, "/dev/null", O_WRONLY, 0) == 0);
  int running = 0;
  for (const Command& command : plan.steps) {
    for (int index = 0; index < plan.size; ++index, ++running) {
      if (running == plan.at_once) {
        wait_for_one();
        --running;
      }
      spawn(command, index, quietly);
    }
    for (; running > 0; --running) wait_for_one();
  }
  ::posix_spawn_file_actions_destroy(&quietly);
  return watch.seconds();
}

double seconds_with_tool(const Plan& plan, const std::string& tool) {
  const Stopwatch watch;
  world::OsProcesses processes;
  const std::string line = concat("seq ", plan.processes(), " | ", tool, " ",
                                  join(plan.steps.front(), " "), " >/dev/null");
  world::Program program;
  program.arguments = {"sh", "-c", line};
  const auto exit = processes.run(program, hours(1), {});
  CHECK(exit && exit->status == 0);
  return watch.seconds();
}

}  // namespace pawl::bench
