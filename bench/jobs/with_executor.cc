#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "base/check.h"
#include "bench/jobs/runs.h"
#include "bench/jobs/stopwatch.h"
#include "executors/local_executor.h"

namespace pawl::bench {
namespace {

using executors::Attempt;

constexpr auto job_id = "00000000-0000-4000-8000-000000000000";

// Hands over the next child as soon as one has ended, and settles the one that has.
class Runner : public executors::Reports {
 public:
  explicit Runner(const Plan& plan) : plan_(plan) {
    batch_.work = {.job_id = job_id,
                   .job_name = "bench",
                   .queue = "bench",
                   .command = plan.steps.front(),
                   .environment = {"PATH=/usr/bin:/bin", "HOME=/"},
                   .directory = plan.directory,
                   .log_directory = plan.directory + "/logs"};
    batch_.pool = {.name = "bench", .vcpus = double(plan.at_once)};
    batch_.is_array = true;
  }

  void run(executors::Executor& executor) {
    executor_ = &executor;
    CHECK(executor.take_up({}));
    // As the server does: some more than run at once are at hand.
    for (int slot = 0; slot < std::min(2 * plan_.at_once, plan_.processes()); ++slot) start_next();
    ended_.wait(false);
    executor.leave();
  }

  void started(const Attempt&, Instant, std::string) override {}
  void ended(const Attempt& attempt, Instant, executors::Ending ending) override {
    CHECK(ending.status == 0);
    executor_->settle(attempt);
    if (started_ < plan_.processes()) start_next();
    if (++ended_count_ < plan_.processes()) return;
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
    std::fprintf(stderr, "pawl_bench_jobs: %s\n", why.c_str());
    std::exit(1);
  }

  const Plan& plan_;
  executors::Batch batch_;
  executors::Executor* executor_ = nullptr;
  std::atomic<int> started_ = 0;
  int ended_count_ = 0;
  std::atomic<bool> ended_ = false;
};

}  // namespace

double seconds_with_executor(const Plan& plan) {
  const Stopwatch watch;
  Runner runner(plan);
  const auto executor = executors::open_local_executor(
      {.directory = plan.directory + "/executor", .program = plan.pawl}, runner);
  runner.run(*executor);
  return watch.seconds();
}

}  // namespace pawl::bench
