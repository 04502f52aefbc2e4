#include <future>

#include "base/check.h"
#include "base/text.h"
#include "batch/job_loop.h"
#include "bench/jobs/runs.h"
#include "bench/jobs/stopwatch.h"
#include "executors/local_executor.h"
#include "json/parse.h"
#include "store/sqlite_store.h"
#include "world/os_clock.h"

namespace pawl::bench {
namespace {

json::Value parsed(const std::string& text) { return json::parse(text).value(); }

Result<void> submit_all(const Plan& plan, jobs::Jobs& jobs, Instant now) {
  TRY(jobs.put(jobs::ResourceKind::environment,
               parsed(concat(R"({"computeEnvironmentArn": "e", "state": "ENABLED",
                 "computeResources": {"maxvCpus": )",
                             plan.at_once, "}}"))));
  TRY(jobs.put(jobs::ResourceKind::queue, parsed(R"({"jobQueueArn": "q", "state": "ENABLED",
                 "computeEnvironmentOrder": [{"computeEnvironment": "e"}]})")));
  for (size_t step = 0; step < plan.steps.size(); ++step) {
    const std::string after =
        step == 0 ? ""
                  : concat(R"(, "dependsOn": [{"jobId": "j)", step - 1, R"(", "type": "N_TO_N"}])");
    TRY(jobs.submit(parsed(concat(R"({"jobId": "j)", step, R"(", "jobQueue": "q", "createdAt": 0,
          "arrayProperties": {"size": )",
                                  plan.size, R"(}, "container": {"command": [")",
                                  join(plan.steps[step], R"(", ")"), "\"]}", after, "}")),
                    now));
  }
  return {};
}

}  // namespace

double seconds_with_jobs(const Plan& plan) {
  const Stopwatch watch;
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
  loop.when_ended(
      {concat("j", plan.steps.size() - 1)}, [&](const std::vector<const jobs::Job*>& last) {
        CHECK(last.front() != nullptr && last.front()->status == jobs::Status::succeeded);
        ended.set_value();
      });
  ended.get_future().get();
  const double took = watch.seconds();
  loop.stop();
  engine.stop();
  return took;
}

}  // namespace pawl::bench
