#include <spawn.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "executors/local_executor.h"
#include "world/files.h"
#include "world/os_processes.h"

// How quickly many short processes are run, so many at once: through the local executor, by a bare
// loop of posix_spawn and wait, and by the tools that people use.
//
//   pawl_bench_executor PAWL DIRECTORY [COUNT [AT_ONCE [PROGRAM]]]
//
// Prints a JSON object of seconds. The directory is to be empty.
namespace pawl::bench {
namespace {

using Steady = std::chrono::steady_clock;
using executors::Attempt;

constexpr auto job_id = "00000000-0000-4000-8000-000000000000";

struct Plan {
  std::string pawl, directory;
  int count = 10'000, at_once = 2;
  std::string program = "/bin/true";
};

// Hands over the next child as soon as one has ended, and settles the one that has.
class Runner : public executors::Reports {
 public:
  explicit Runner(const Plan& plan) : plan_(plan) {
    batch_.work = {.job_id = job_id,
                   .job_name = "bench",
                   .queue = "bench",
                   .command = {plan.program},
                   .environment = {"PATH=/usr/bin:/bin", "HOME=/"},
                   .directory = plan.directory,
                   .log_directory = plan.directory + "/logs"};
    batch_.is_array = true;
  }

  void run(executors::Executor& executor) {
    executor_ = &executor;
    CHECK(executor.take_up({}));
    for (int slot = 0; slot < plan_.at_once; ++slot) start_next();
    ended_.wait(false);
    executor.leave();
  }

  void started(const Attempt&, Instant, std::string) override {}
  void ended(const Attempt& attempt, Instant, executors::Ending ending) override {
    CHECK(ending.status == 0);
    executor_->settle(attempt);
    if (started_ < plan_.count) start_next();
    if (++ended_count_ < plan_.count) return;
    ended_ = true;
    ended_.notify_one();
  }
  void not_started(const Attempt&, std::string why) override { fail(why); }
  void lost(const Attempt&, std::string why) override { fail(why); }

 private:
  void start_next() {
    batch_.indexes = {started_++};
    executor_->start(batch_);
  }
  [[noreturn]] static void fail(const std::string& why) {
    std::fprintf(stderr, "pawl_bench_executor: %s\n", why.c_str());
    std::exit(1);
  }

  const Plan& plan_;
  executors::Batch batch_;
  executors::Executor* executor_ = nullptr;
  std::atomic<int> started_ = 0;
  int ended_count_ = 0;
  std::atomic<bool> ended_ = false;
};

double seconds_since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

double with_executor(const Plan& plan) {
  const auto begin = Steady::now();
  Runner runner(plan);
  const auto executor = executors::open_local_executor(
      {.directory = plan.directory + "/executor", .program = plan.pawl}, runner);
  runner.run(*executor);
  return seconds_since(begin);
}

double with_bare_loop(const Plan& plan) {
  const auto begin = Steady::now();
  std::string program = plan.program;
  char* const arguments[] = {program.data(), nullptr};
  int running = 0;
  for (int started = 0; started < plan.count; ++started, ++running) {
    if (running == plan.at_once) {
      ::wait(nullptr);
      --running;
    }
    pid_t pid = 0;
    CHECK(::posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments, environ) == 0);
  }
  while (::wait(nullptr) > 0) {
  }
  return seconds_since(begin);
}

double with_tool(const Plan& plan, const std::string& tool) {
  const auto begin = Steady::now();
  world::OsProcesses processes;
  const std::string line = concat("seq ", plan.count, " | ", tool, " ", plan.program);
  const auto exit = processes.run({{"sh", "-c", line}, {}, {}, {}, {}}, hours(1), {});
  CHECK(exit && exit->status == 0);
  return seconds_since(begin);
}

int run(const Plan& plan) {
  const double bare = with_bare_loop(plan), executor = with_executor(plan);
  const double xargs = with_tool(plan, concat("xargs -n1 -P", plan.at_once));
  const double parallel = with_tool(plan, concat("parallel -j", plan.at_once));
  std::printf(
      "{\"processes\": %d, \"at_once\": %d, \"bare_loop\": %.3f, \"executor\": %.3f, "
      "\"xargs\": %.3f, \"parallel\": %.3f}\n",
      plan.count, plan.at_once, bare, executor, xargs, parallel);
  return 0;
}

}  // namespace
}  // namespace pawl::bench

int main(int count, char** words) {
  if (count < 3) return std::fprintf(stderr, "usage: pawl_bench_executor PAWL DIRECTORY\n"), 2;
  pawl::bench::Plan plan{.pawl = words[1], .directory = words[2]};
  if (count > 3) plan.count = std::atoi(words[3]);
  if (count > 4) plan.at_once = std::atoi(words[4]);
  if (count > 5) plan.program = words[5];
  return pawl::bench::run(plan);
}
