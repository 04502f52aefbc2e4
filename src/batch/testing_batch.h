#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>

#include "base/text.h"
#include "batch/job_loop.h"
#include "jobs/submission.h"
#include "json/parse.h"
#include "store/sqlite_store.h"
#include "world/os_clock.h"

namespace pawl::batch {

using json::Value;

// Runs nothing: each attempt is there until the test ends it, also for the next server.
class Machine {
 public:
  std::string name(const executors::Attempt& attempt) const {
    return concat(attempt.job_id, ":", attempt.index.value_or(-1), "#", attempt.number);
  }
  std::mutex mutex;
  std::map<std::string, executors::Attempt> running;
  std::multiset<std::string> started;
  std::map<std::string, std::pair<executors::Attempt, int>> ended;  // and not settled
};

class MachineExecutor : public executors::Executor {
 public:
  MachineExecutor(Machine& machine, executors::Reports& reports)
      : machine_(machine), reports_(reports) {}

  Result<void> take_up(const std::vector<executors::Attempt>& known) override {
    std::lock_guard lock(machine_.mutex);
    for (const auto& attempt : known) {
      const std::string name = machine_.name(attempt);
      if (const auto ended = machine_.ended.find(name); ended != machine_.ended.end())
        tell(ended->second.first, ended->second.second);
      else if (machine_.running.contains(name))
        reports_.started(attempt, Instant(), "again");
      else
        reports_.not_started(attempt, "it never came");
    }
    return {};
  }
  void start(executors::Batch batch) override {
    std::lock_guard lock(machine_.mutex);
    for (const int32_t index : batch.indexes) {
      executors::Attempt attempt{batch.work.job_id, std::nullopt, batch.number};
      if (batch.is_array) attempt.index = index;
      machine_.started.insert(machine_.name(attempt));
      machine_.running[machine_.name(attempt)] = attempt;
      reports_.started(attempt, Instant(), "here");
    }
  }
  void stop(const executors::Attempt& attempt) override { end(attempt, 143); }
  void settle(const executors::Attempt& attempt) override {
    std::lock_guard lock(machine_.mutex);
    machine_.ended.erase(machine_.name(attempt));
  }
  bool gates() const override { return false; }
  void leave() override {}

  void end(const executors::Attempt& attempt, int status) {
    std::lock_guard lock(machine_.mutex);
    machine_.running.erase(machine_.name(attempt));
    machine_.ended[machine_.name(attempt)] = {attempt, status};
    tell(attempt, status);
  }
  void end_all() {
    for (;;) {
      std::optional<executors::Attempt> next;
      {
        std::lock_guard lock(machine_.mutex);
        if (!machine_.running.empty()) next = machine_.running.begin()->second;
      }
      if (!next) return;
      end(*next, 0);
    }
  }

 private:
  void tell(const executors::Attempt& attempt, int status) {
    reports_.ended(attempt, Instant(), {.status = status});
  }
  Machine& machine_;
  executors::Reports& reports_;
};

// The machine's, and some time more.
class ShiftedClock : public world::Clock {
 public:
  Instant now() override { return os_.now() + ahead.load(); }
  std::atomic<Duration> ahead = Duration::zero();

 private:
  world::OsClock os_;
};

// One server over a store and a machine that are there before and after it.
class Server {
 public:
  Server(const std::string& directory, Machine& machine)
      : store_(store::open_sqlite_store(directory + "/pawl.db").value()),
        engine_({}, *store_, clock, random),
        loop_({}, engine_, *store_, clock),
        executor(machine, loop_.reports()),
        executor_elsewhere_(elsewhere, loop_.reports()) {
    loop_.add_executor("local", executor);
    loop_.add_executor("elsewhere", executor_elsewhere_);
    EXPECT_TRUE(engine_.start().has_value());
    const auto started = loop_.start();
    EXPECT_TRUE(started.has_value()) << started.error().text();
  }
  ~Server() {
    loop_.stop();
    engine_.stop();
  }

  template <typename T>
  Result<T> ask(std::function<Result<T>(jobs::Jobs&, Instant)> command) {
    std::promise<Result<T>> answer;
    loop_.ask<T>(std::move(command), [&](const Result<T>& result) { answer.set_value(result); });
    return answer.get_future().get();
  }
  void set_up() {
    ASSERT_TRUE(ask<bool>([](jobs::Jobs& jobs, Instant) -> Result<bool> {
                  using jobs::ResourceKind;
                  TRY(jobs.put(ResourceKind::environment, parsed(R"({"computeEnvironmentArn": "e",
                    "computeEnvironmentName": "e", "state": "ENABLED",
                    "computeResources": {"maxvCpus": 2}})")));
                  TRY(jobs.put(ResourceKind::queue, parsed(R"({"jobQueueArn": "q",
                    "jobQueueName": "q", "state": "ENABLED", "priority": 1,
                    "computeEnvironmentOrder": [{"computeEnvironment": "e", "order": 1}]})")));
                  TRY(jobs.put(ResourceKind::definition, parsed(R"({"jobDefinitionArn": "d:1",
                    "jobDefinitionName": "d", "revision": 1, "status": "ACTIVE",
                    "containerProperties": {"command": ["true"]}})")));
                  return true;
                }).has_value());
  }
  Result<std::string> submit(const std::string& id, const std::string& more = "") {
    const Value request =
        parsed(concat(R"({"jobName": "n", "jobQueue": "q", "jobDefinition": "d")", more, "}"));
    return ask<std::string>([&](jobs::Jobs& jobs, Instant now) -> Result<std::string> {
      return jobs.submit(TRY(jobs::resolve(jobs, request, {id, "0", "r"}, now)), now);
    });
  }
  std::string status(const std::string& id) {
    return ask<std::string>([&](jobs::Jobs& jobs, Instant) -> Result<std::string> {
             return std::string(jobs::name(jobs.find(id).job->status));
           })
        .value();
  }
  // REQUIRES: it ends.
  std::string wait(const std::string& id) {
    std::promise<std::string> ended;
    loop_.when_ended({id}, [&](const std::vector<const jobs::Job*>& jobs) {
      const jobs::Job* job = jobs.front();
      ended.set_value(job == nullptr ? "" : std::string(jobs::name(job->status)));
    });
    auto answer = ended.get_future();
    while (answer.wait_for(milliseconds(1)) != std::future_status::ready) executor.end_all();
    return answer.get();
  }
  // The attempt of a job that is no array.
  void end(const std::string& id, int status) { executor.end({id, std::nullopt, 1}, status); }
  static Value parsed(const std::string& text) { return json::parse(text).value(); }
  JobLoop& loop() { return loop_; }

  ShiftedClock clock;
  world::OsRandom random;

 private:
  std::unique_ptr<store::Store> store_;
  engine::Engine engine_;
  JobLoop loop_;

 public:
  MachineExecutor executor;
  Machine elsewhere;

 private:
  MachineExecutor executor_elsewhere_;
};

}  // namespace pawl::batch
