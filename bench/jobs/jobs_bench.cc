#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <future>

#include "base/text.h"
#include "batch/job_loop.h"
#include "executors/local_executor.h"
#include "json/parse.h"
#include "store/sqlite_store.h"
#include "world/os_clock.h"

// Array jobs one after another, child by child (N_TO_N), through the whole of it: jobs, engine,
// store on disk with every commit synced, supervisor. Beside it, the same number of processes by a
// bare loop of posix_spawn and wait.
//
//   pawl_bench_jobs PAWL DIRECTORY [SIZE [STEPS [AT_ONCE [PROGRAM]]]]
//
// Prints a JSON object of seconds. The directory is to be empty.
namespace pawl::bench {
namespace {

using Steady = std::chrono::steady_clock;

struct Plan {
  std::string pawl, directory;
  int size = 10'000, steps = 3, at_once = 2;
  std::string program = "/bin/true";
};

double seconds_since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

double with_bare_loop(const Plan& plan) {
  const auto begin = Steady::now();
  std::string program = plan.program;
  char* const arguments[] = {program.data(), nullptr};
  int running = 0;
  for (int started = 0; started < plan.size * plan.steps; ++started, ++running) {
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

json::Value parsed(const std::string& text) { return json::parse(text).value(); }

Result<void> submit_all(const Plan& plan, jobs::Jobs& jobs, Instant now) {
  TRY(jobs.put(jobs::ResourceKind::environment,
               parsed(concat(R"({"computeEnvironmentArn": "e", "state": "ENABLED",
                 "computeResources": {"maxvCpus": )",
                             plan.at_once, "}}"))));
  TRY(jobs.put(jobs::ResourceKind::queue, parsed(R"({"jobQueueArn": "q", "state": "ENABLED",
                 "computeEnvironmentOrder": [{"computeEnvironment": "e"}]})")));
  for (int step = 0; step < plan.steps; ++step) {
    const std::string after =
        step == 0 ? ""
                  : concat(R"(, "dependsOn": [{"jobId": "j)", step - 1, R"(", "type": "N_TO_N"}])");
    TRY(jobs.submit(parsed(concat(R"({"jobId": "j)", step, R"(", "jobQueue": "q", "createdAt": 0,
          "arrayProperties": {"size": )",
                                  plan.size, R"(}, "container": {"command": [")", plan.program,
                                  "\"]}", after, "}")),
                    now));
  }
  return {};
}

double with_jobs(const Plan& plan) {
  const auto begin = Steady::now();
  world::OsClock clock;
  world::OsRandom random;
  const auto store = store::open_sqlite_store(plan.directory + "/pawl.db").value();
  engine::Engine engine({}, *store, clock, random);
  batch::JobLoop loop({.log_directory = plan.directory + "/logs", .directory = plan.directory},
                      engine, *store, clock);
  const auto executor = executors::open_local_executor(
      {.directory = plan.directory + "/local", .program = plan.pawl}, loop.reports());
  loop.add_executor("local", *executor);
  CHECK(engine.start());
  CHECK(loop.start());
  std::promise<void> submitted, ended;
  loop.ask<bool>(
      [&](jobs::Jobs& jobs, Instant now) -> Result<bool> {
        TRY(submit_all(plan, jobs, now));
        return true;
      },
      [&](const Result<bool>& done) {
        CHECK(done);
        submitted.set_value();
      });
  submitted.get_future().get();
  loop.when_ended(concat("j", plan.steps - 1), [&](const jobs::Job* job) {
    CHECK(job != nullptr && job->status == jobs::Status::succeeded);
    ended.set_value();
  });
  ended.get_future().get();
  const double took = seconds_since(begin);
  loop.stop();
  engine.stop();
  return took;
}

double cpu_seconds(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int run(const Plan& plan) {
  const double bare = with_bare_loop(plan);
  const double cpu_before = cpu_seconds(RUSAGE_SELF);
  const double whole = with_jobs(plan);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"children\": %d, \"at_once\": %d, \"bare_loop\": %.3f, \"jobs\": %.3f, \"cpu\": %.3f, "
      "\"memory_mb\": %.1f}\n",
      plan.size * plan.steps, plan.at_once, bare, whole, cpu_seconds(RUSAGE_SELF) - cpu_before,
      static_cast<double>(usage.ru_maxrss) / 1024);
  return 0;
}

}  // namespace
}  // namespace pawl::bench

int main(int count, char** words) {
  if (count < 3) return std::fprintf(stderr, "usage: pawl_bench_jobs PAWL DIRECTORY\n"), 2;
  pawl::bench::Plan plan{.pawl = words[1], .directory = words[2]};
  if (count > 3) plan.size = std::atoi(words[3]);
  if (count > 4) plan.steps = std::atoi(words[4]);
  if (count > 5) plan.at_once = std::atoi(words[5]);
  if (count > 6) plan.program = words[6];
  return pawl::bench::run(plan);
}
