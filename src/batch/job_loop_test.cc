#include "batch/job_loop.h"

#include <gmock/gmock.h>

#include "batch/job_rows.h"
#include "batch/testing_batch.h"
#include "world/scratch_directory.h"

namespace pawl::batch {
namespace {

class job_loop : public testing::Test {
 protected:
  world::ScratchDirectory scratch_;
  Machine machine_;
};

TEST_F(job_loop, runs_an_array_to_its_end) {
  Server server(scratch_.path(), machine_);
  server.set_up();
  ASSERT_TRUE(server.submit("a", R"(, "arrayProperties": {"size": 50})").has_value());
  EXPECT_EQ(server.wait("a"), "SUCCEEDED");
  EXPECT_EQ(machine_.started.size(), 50U);
  EXPECT_TRUE(machine_.ended.empty()) << "every end is settled";
}

TEST_F(job_loop, finds_after_a_restart_what_runs_and_what_has_ended_meanwhile) {
  {
    Server server(scratch_.path(), machine_);
    server.set_up();
    ASSERT_TRUE(server.submit("a", R"(, "arrayProperties": {"size": 6})").has_value());
    EXPECT_EQ(server.status("a"), "PENDING");
  }
  // Nobody is told of this end: there is no server.
  {
    std::lock_guard lock(machine_.mutex);
    ASSERT_FALSE(machine_.running.empty());
    const auto [name, attempt] = *machine_.running.begin();
    machine_.running.erase(name);
    machine_.ended[name] = {attempt, 0};
  }
  Server server(scratch_.path(), machine_);
  EXPECT_EQ(server.wait("a"), "SUCCEEDED");
  std::set<std::string> distinct(machine_.started.begin(), machine_.started.end());
  EXPECT_EQ(distinct.size(), 6U);
  EXPECT_EQ(machine_.started.size(), 6U) << "none has run twice";
}

TEST_F(job_loop, settles_an_attempt_where_it_ran_though_the_next_one_runs_elsewhere) {
  Server server(scratch_.path(), machine_);
  server.set_up();
  const auto put = [&](jobs::ResourceKind kind, const std::string& shown) {
    const auto done = server.ask<bool>([&](jobs::Jobs& jobs, Instant) -> Result<bool> {
      TRY(jobs.put(kind, Server::parsed(shown)));
      return true;
    });
    ASSERT_TRUE(done.has_value());
  };
  put(jobs::ResourceKind::environment, R"({"computeEnvironmentArn": "f", "state": "ENABLED",
    "tags": {"pawl:executor": "elsewhere"}, "computeResources": {"maxvCpus": 2}})");
  put(jobs::ResourceKind::queue, R"({"jobQueueArn": "q", "jobQueueName": "q", "state": "ENABLED",
    "computeEnvironmentOrder": [{"computeEnvironment": "e"}, {"computeEnvironment": "f"}]})");
  ASSERT_TRUE(server.submit("a", R"(, "retryStrategy": {"attempts": 2})").has_value());
  put(jobs::ResourceKind::environment, R"({"computeEnvironmentArn": "e", "state": "DISABLED",
    "computeResources": {"maxvCpus": 2}})");
  server.executor.end({"a", std::nullopt, 1}, 1);
  // In the turn of the end it is handed over again, and in the one after that it is seen to run.
  for (int turns = 0; turns < 2; ++turns) server.status("a");
  std::lock_guard lock(machine_.mutex);
  EXPECT_EQ(server.elsewhere.started.count("a:-1#2"), 1U);
  EXPECT_TRUE(machine_.ended.empty()) << "it is settled where it ran";
}

TEST_F(job_loop, says_that_a_job_is_not_there_rather_than_wait) {
  Server server(scratch_.path(), machine_);
  EXPECT_EQ(server.wait("none"), "");
}

TEST_F(job_loop, starts_nothing_before_its_record_is_durable) {
  // The store as it is when the executor is asked.
  class Looking : public MachineExecutor {
   public:
    using MachineExecutor::MachineExecutor;
    void start(executors::Batch batch) override {
      jobs::Jobs durable([](const std::string&) { return false; });
      EXPECT_TRUE(fold_all(*store, durable).has_value());
      for (const int32_t index : batch.indexes)
        EXPECT_TRUE(durable.find(batch.work.job_id).job->children.at(index).is_handed);
      MachineExecutor::start(std::move(batch));
    }
    store::Store* store = nullptr;
  };
  world::OsClock clock;
  world::OsRandom random;
  const auto store = store::open_sqlite_store(scratch_.path() + "/pawl.db").value();
  engine::Engine engine({}, *store, clock, random);
  JobLoop loop({}, engine, *store, clock);
  Looking executor(machine_, loop.reports());
  executor.store = store.get();
  loop.add_executor("local", executor);
  ASSERT_TRUE(engine.start().has_value());
  ASSERT_TRUE(loop.start().has_value());
  std::promise<void> put;
  loop.ask<bool>(
      [](jobs::Jobs& jobs, Instant now) -> Result<bool> {
        using jobs::ResourceKind;
        TRY(jobs.put(ResourceKind::environment,
                     Server::parsed(R"({"computeEnvironmentArn": "e", "state": "ENABLED",
                       "computeResources": {"maxvCpus": 2}})")));
        TRY(jobs.put(ResourceKind::queue, Server::parsed(R"({"jobQueueArn": "q", "state": "ENABLED",
                       "computeEnvironmentOrder": [{"computeEnvironment": "e"}]})")));
        TRY(jobs.submit(Server::parsed(R"({"jobId": "a", "jobQueue": "q", "createdAt": 0,
                          "arrayProperties": {"size": 9}, "container": {"command": ["true"]}})"),
                        now));
        return true;
      },
      [&](const Result<bool>& done) {
        EXPECT_TRUE(done.has_value());
        put.set_value();
      });
  put.get_future().get();
  std::promise<void> ended;
  loop.when_ended({"a"}, [&](const auto&) { ended.set_value(); });
  auto answer = ended.get_future();
  while (answer.wait_for(milliseconds(1)) != std::future_status::ready) executor.end_all();
  loop.stop();
  engine.stop();
}

TEST_F(job_loop, refuses_commands_once_it_has_stopped) {
  Server server(scratch_.path(), machine_);
  server.loop().stop();
  EXPECT_EQ(server.submit("a").error().code(), ErrorCode::unavailable);
}

}  // namespace
}  // namespace pawl::batch
