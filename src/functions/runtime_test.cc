#include "functions/runtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <semaphore>
#include <set>
#include <thread>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "world/os_clock.h"

namespace pawl::functions {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Outcome = asl::Outcome<json::Value>;

std::string arn(std::string_view name) {
  return concat("arn:aws:lambda:us-east-1:000000000000:function:", name);
}

// Keeps what is reported, in its order.
class Reports : public engine::TaskReports {
 public:
  void finished(std::string_view id, Outcome outcome) override {
    const std::lock_guard lock(mutex_);
    finished_.emplace_back(id, std::move(outcome));
    changed_.notify_all();
  }
  void submitted(std::string_view, json::Value) override { ADD_FAILURE() << "not for functions"; }
  void progressed(std::string_view id, engine::Progress progress) override {
    const std::lock_guard lock(mutex_);
    progressed_.push_back(concat(id, " ", progress.done, "/", progress.total));
  }

  void wait(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return finished_.size() >= count; });
  }
  // The outcome as text: JSON, or error and cause.
  std::string outcome(size_t index) {
    wait(index + 1);
    const std::lock_guard lock(mutex_);
    const Outcome& outcome = finished_[index].second;
    return outcome ? json::write(*outcome) : outcome.error().error + ": " + outcome.error().cause;
  }
  std::vector<std::string> ids() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> ids;
    for (const auto& [id, outcome] : finished_) ids.push_back(id);
    return ids;
  }
  std::vector<std::string> progress() {
    const std::lock_guard lock(mutex_);
    return progressed_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<std::string, Outcome>> finished_;
  std::vector<std::string> progressed_;
};

// Functions that a test holds in the middle: each call says that it has come, and waits to be let
// through.
class Gate {
 public:
  Outcome pass(Call& call) {
    {
      const std::lock_guard lock(mutex_);
      const int now = ++inside_;
      highest_ = std::max(highest_, now);
      came_.push_back(call.request_id);
    }
    arrivals_.release();
    passes_.acquire();
    const std::lock_guard lock(mutex_);
    --inside_;
    return json::Value(call.request_id);
  }
  void wait_for(int count) {
    while (count-- > 0) arrivals_.acquire();
  }
  void open(int count) { passes_.release(count); }
  int highest() {
    const std::lock_guard lock(mutex_);
    return highest_;
  }
  std::vector<std::string> came() {
    const std::lock_guard lock(mutex_);
    return came_;
  }

 private:
  std::mutex mutex_;
  std::counting_semaphore<> arrivals_{0}, passes_{0};
  int inside_ = 0, highest_ = 0;
  std::vector<std::string> came_;
};

class Running : public ::testing::Test {
 protected:
  // Nothing stays behind the gate, so that a test that fails ends.
  ~Running() override {
    gate_.open(1000);
    runtime_.reset();
  }

  void add(std::string name, std::function<Outcome(Call&)> body, int concurrency = 0) {
    Function function;
    function.name = std::move(name);
    function.concurrency = concurrency;
    function.body = std::move(body);
    registry_.add(std::move(function));
  }
  void add_gate(std::string name, int concurrency = 0) {
    add(
        std::move(name), [this](Call& call) { return gate_.pass(call); }, concurrency);
  }
  Runtime& begin(Limits limits = {}) {
    runtime_ = std::make_unique<Runtime>(registry_, limits, clock_);
    runtime_->report_to(reports_);
    return *runtime_;
  }
  engine::TaskRequest request(std::string id, std::string resource) {
    engine::TaskRequest request;
    request.id = std::move(id);
    request.execution_arn = "arn:aws:states:eu-west-1:111122223333:execution:machine:run-1";
    request.execution_name = "run-1";
    request.resource = std::move(resource);
    request.input = json::Value::object();
    request.attempt = 2;
    return request;
  }

  world::OsClock clock_;
  Registry registry_;
  Reports reports_;
  Gate gate_;
  std::unique_ptr<Runtime> runtime_;
};

using runtime = Running;

TEST_F(runtime, gives_the_function_its_call_and_reports_its_outcome) {
  add("describe", [&](Call& call) -> Outcome {
    return json::Value::object({{"function", call.function_name},
                                {"id", call.request_id},
                                {"execution", call.execution_name},
                                {"attempt", call.attempt},
                                {"has_time", call.deadline > clock_.now()},
                                {"event", call.event}});
  });
  auto task = request("task-1", arn("describe"));
  task.input = json::Value::object({{"a", 1}});
  begin().start(std::move(task));
  EXPECT_EQ(reports_.outcome(0),
            R"({"function":"describe","id":"task-1","execution":"run-1","attempt":2,)"
            R"("has_time":true,"event":{"a":1}})");
}

TEST_F(runtime, reports_a_failure_as_the_function_gives_it) {
  add("fail", [](Call&) -> Outcome { return asl::Failure{"Restore.Corrupt", "base/1 differs"}; });
  begin().start(request("task-1", arn("fail")));
  EXPECT_EQ(reports_.outcome(0), "Restore.Corrupt: base/1 differs");
}

TEST_F(runtime, wraps_the_output_of_the_invoke_integration) {
  add("echo", [](Call& call) -> Outcome { return call.event; });
  add("fail", [](Call&) -> Outcome { return asl::Failure{"Some.Error", "why"}; });
  auto task = request("task-1", "arn:aws:states:::lambda:invoke");
  task.input = *json::parse(R"({"FunctionName":"echo","Payload":[1,2]})");
  begin().start(task);
  EXPECT_EQ(reports_.outcome(0),
            R"({"ExecutedVersion":"$LATEST","Payload":[1,2],"StatusCode":200})");
  task.input = json::Value::object({{"FunctionName", arn("fail")}});
  runtime_->start(task);
  EXPECT_EQ(reports_.outcome(1), "Some.Error: why");
  task.input = json::Value::object();
  runtime_->start(task);
  EXPECT_THAT(reports_.outcome(2), HasSubstr("States.Runtime: "));
}

TEST_F(runtime, accepts_every_function_arn_and_fails_those_that_are_not_there) {
  EXPECT_TRUE(begin().accepts(arn("nobody")));
  EXPECT_TRUE(runtime_->accepts("arn:aws:states:::lambda:invoke"));
  EXPECT_FALSE(runtime_->accepts("arn:aws:states:::states:startExecution.sync"));
  runtime_->start(request("task-1", arn("nobody")));
  EXPECT_EQ(reports_.outcome(0),
            "Lambda.ResourceNotFoundException: Function not found: " + arn("nobody"));
  auto task = request("task-2", "arn:aws:states:::lambda:invoke");
  task.input = json::Value::object({{"FunctionName", "nobody"}});
  runtime_->start(task);
  EXPECT_EQ(reports_.outcome(1),
            "Lambda.ResourceNotFoundException: Function not found: "
            "arn:aws:lambda:eu-west-1:111122223333:function:nobody");
}

TEST_F(runtime, passes_progress_on) {
  add("copy", [](Call& call) -> Outcome {
    call.progress({.done = 1, .total = 2, .unit = "bytes", .note = ""});
    return json::Value();
  });
  begin().start(request("task-1", arn("copy")));
  reports_.wait(1);
  EXPECT_THAT(reports_.progress(), ElementsAre("task-1 1/2"));
}

TEST_F(runtime, runs_an_id_once_while_it_runs) {
  add_gate("slow");
  begin().start(request("task-1", arn("slow")));
  gate_.wait_for(1);
  runtime_->start(request("task-1", arn("slow")));
  gate_.open(2);
  reports_.wait(1);
  runtime_.reset();
  EXPECT_THAT(reports_.ids(), ElementsAre("task-1"));
  EXPECT_THAT(gate_.came(), ElementsAre("task-1"));
}

TEST_F(runtime, runs_an_id_once_while_it_waits) {
  add_gate("slow", 1);
  begin().start(request("task-1", arn("slow")));
  for (int turn = 0; turn < 2; ++turn) runtime_->start(request("task-2", arn("slow")));
  gate_.open(3);
  reports_.wait(2);
  runtime_.reset();
  EXPECT_THAT(gate_.came(), ElementsAre("task-1", "task-2"));
}

TEST_F(runtime, lets_calls_wait_in_the_order_they_came) {
  add_gate("slow");
  add_gate("other");
  begin({.concurrency = 1});
  std::vector<std::string> ids;
  for (int number = 0; number < 20; ++number) {
    ids.push_back(concat("task-", number));
    runtime_->start(request(ids.back(), arn(number % 3 == 0 ? "slow" : "other")));
  }
  gate_.open(20);
  reports_.wait(20);
  EXPECT_EQ(gate_.came(), ids);
  EXPECT_EQ(gate_.highest(), 1);
}

TEST_F(runtime, runs_as_many_at_once_as_are_allowed) {
  add_gate("slow");
  begin({.concurrency = 50});
  for (int number = 0; number < 60; ++number)
    runtime_->start(request(concat("task-", number), arn("slow")));
  gate_.wait_for(50);
  EXPECT_EQ(gate_.highest(), 50);
  gate_.open(60);
  reports_.wait(60);
  EXPECT_EQ(gate_.highest(), 50);
}

TEST_F(runtime, lets_others_pass_a_function_at_its_own_limit) {
  add_gate("narrow", 1);
  add("free", [](Call&) -> Outcome { return json::Value("free"); });
  begin().start(request("narrow-1", arn("narrow")));
  runtime_->start(request("narrow-2", arn("narrow")));
  gate_.wait_for(1);
  runtime_->start(request("free-1", arn("free")));
  EXPECT_EQ(reports_.outcome(0), R"("free")");
  gate_.open(2);
  reports_.wait(3);
  EXPECT_THAT(reports_.ids(), ElementsAre("free-1", "narrow-1", "narrow-2"));
  EXPECT_EQ(gate_.highest(), 1);
}

TEST_F(runtime, throttles_when_too_many_wait) {
  add_gate("slow");
  begin({.concurrency = 1, .waiting_max = 2});
  for (const char* id : {"1", "2", "3", "4"}) runtime_->start(request(id, arn("slow")));
  EXPECT_EQ(reports_.outcome(0), "Lambda.TooManyRequestsException: Rate Exceeded.");
  EXPECT_THAT(reports_.ids(), ElementsAre("4"));
  gate_.open(3);
  reports_.wait(4);
  EXPECT_THAT(reports_.ids(), ElementsAre("4", "1", "2", "3"));
}

TEST_F(runtime, ends_a_call_at_its_time_limit_and_ignores_what_comes_late) {
  std::latch may_end(1);
  std::promise<bool> was_cancelled;
  Function hanging;
  hanging.name = "hanging";
  hanging.time_limit = milliseconds(30);
  hanging.body = [&](Call& call) -> Outcome {
    was_cancelled.set_value(call.cancellation.wait_for(Duration::max()));
    may_end.wait();
    call.progress({.done = 1, .total = 1, .unit = "", .note = ""});
    return json::Value("late");
  };
  registry_.add(hanging);
  begin().start(request("task-1", arn("hanging")));
  EXPECT_EQ(reports_.outcome(0),
            "Sandbox.Timedout: {\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: "
            "task-1 Error: Task timed out after 0.03 seconds\"}");
  EXPECT_TRUE(was_cancelled.get_future().get());
  may_end.count_down();
  runtime_.reset();
  EXPECT_THAT(reports_.ids(), ElementsAre("task-1"));
  EXPECT_TRUE(reports_.progress().empty());
}

TEST_F(runtime, keeps_the_time_of_a_call_beside_one_that_ignores_its_own) {
  Function stubborn, hanging;
  stubborn.name = "stubborn";
  stubborn.time_limit = milliseconds(1);
  stubborn.body = [&](Call& call) { return gate_.pass(call); };
  hanging.name = "hanging";
  hanging.time_limit = milliseconds(30);
  hanging.body = [](Call& call) -> Outcome {
    return json::Value(call.cancellation.wait_for(Duration::max()));
  };
  registry_.add(stubborn);
  registry_.add(hanging);
  begin().start(request("1", arn("stubborn")));
  reports_.wait(1);
  runtime_->start(request("2", arn("hanging")));
  EXPECT_THAT(reports_.outcome(1), HasSubstr("Sandbox.Timedout"));
  gate_.open(1);
}

TEST_F(runtime, cancels_what_runs_and_drops_its_outcome) {
  std::latch began(1);
  std::promise<bool> was_cancelled;
  add("hanging", [&](Call& call) -> Outcome {
    began.count_down();
    was_cancelled.set_value(call.cancellation.wait_for(Duration::max()));
    return json::Value("cancelled");
  });
  begin().start(request("task-1", arn("hanging")));
  began.wait();
  runtime_->cancel("task-1");
  EXPECT_TRUE(was_cancelled.get_future().get());
  runtime_.reset();
  EXPECT_TRUE(reports_.ids().empty());
}

TEST_F(runtime, cancels_what_waits_and_nothing_that_is_unknown) {
  add_gate("slow", 1);
  begin().start(request("1", arn("slow")));
  gate_.wait_for(1);
  for (const char* id : {"2", "3"}) runtime_->start(request(id, arn("slow")));
  runtime_->cancel("2");
  runtime_->cancel("unknown");
  gate_.open(3);
  reports_.wait(2);
  EXPECT_THAT(gate_.came(), ElementsAre("1", "3"));
}

TEST_F(runtime, leaves_tasks_open_that_its_stopping_has_failed) {
  std::latch began(2);
  add("failing", [&](Call& call) -> Outcome {
    began.count_down();
    call.cancellation.wait_for(Duration::max());
    return asl::Failure{"Restore.Failed", "cancelled"};
  });
  add("ending", [&](Call& call) -> Outcome {
    began.count_down();
    call.cancellation.wait_for(Duration::max());
    return json::Value("done");
  });
  begin({.concurrency = 2}).start(request("failing", arn("failing")));
  runtime_->start(request("ending", arn("ending")));
  runtime_->start(request("waiting", arn("ending")));
  began.wait();
  runtime_->drain();
  EXPECT_THAT(reports_.ids(), ElementsAre("ending"));
  runtime_->start(request("after", arn("ending")));
  runtime_.reset();
  EXPECT_THAT(reports_.ids(), ElementsAre("ending"));
}

TEST_F(runtime, answers_direct_calls_by_name_and_arn) {
  add("echo", [](Call& call) -> Outcome { return call.event; });
  begin();
  const auto call = [&](std::string_view function) {
    std::promise<Outcome> outcome;
    runtime_->invoke(function, json::Value(7), [&](Outcome got) { outcome.set_value(got); });
    return outcome.get_future().get();
  };
  EXPECT_EQ(call("echo")->integer(), 7);
  EXPECT_EQ(call(arn("echo"))->integer(), 7);
  EXPECT_EQ(call("nobody").error().error, "Lambda.ResourceNotFoundException");
  EXPECT_EQ(call("a:b:c").error().error, "Lambda.InvalidParameterValueException");
}

TEST_F(runtime, answers_direct_calls_also_when_it_stops) {
  std::latch began(1);
  add(
      "hanging",
      [&](Call& call) -> Outcome {
        began.count_down();
        call.cancellation.wait_for(Duration::max());
        return asl::Failure{"Some.Error", "cancelled"};
      },
      1);
  begin();
  std::vector<std::string> errors;
  std::mutex mutex;
  const auto keep = [&](Outcome outcome) {
    const std::lock_guard lock(mutex);
    errors.push_back(outcome.error().error);
  };
  for (int number = 0; number < 2; ++number) runtime_->invoke("hanging", {}, keep);
  began.wait();
  runtime_->drain();
  runtime_->invoke("hanging", {}, keep);
  EXPECT_THAT(errors, ::testing::UnorderedElementsAre("Some.Error", "Lambda.ServiceException",
                                                      "Lambda.ServiceException"));
}

TEST_F(runtime, starts_many_from_many_threads) {
  add("echo", [](Call& call) -> Outcome { return call.event; });
  begin({.concurrency = 8});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (int number = 0; number < 500; ++number)
        runtime_->start(request(concat(thread, "/", number), arn("echo")));
    });
  for (std::thread& thread : threads) thread.join();
  reports_.wait(2000);
  const auto ids = reports_.ids();
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 2000u);
}

}  // namespace
}  // namespace pawl::functions
