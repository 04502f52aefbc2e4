#include "engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "base/log.h"
#include "base/text.h"
#include "engine/limits.h"
#include "engine/names.h"
#include "engine/task_id.h"
#include "engine/timers.h"
#include "sim/server.h"
#include "world/os_clock.h"

namespace pawl::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* pass = R"({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}})";
constexpr const char* task = R"({"StartAt": "T", "States": {"T": {"Type": "Task",
    "Resource": "arn:aws:lambda:us-east-1:0:function:f", "End": true}}})";
constexpr const char* wait = R"({"StartAt": "W", "States": {"W": {"Type": "Wait",
    "Seconds": 60, "End": true}}})";

std::string only_task(sim::Server& server) {
  CHECK(server.runner.running().size() == 1);
  return server.runner.running().begin()->first;
}

TEST(machine, is_created_once_though_it_is_asked_for_twice) {
  sim::Server server;
  const auto first = server.create_machine("m", pass).value();
  EXPECT_EQ(first.arn, sim::Server::machine_arn("m"));
  server.pass(seconds(1));
  EXPECT_EQ(server.create_machine("m", pass).value().created, first.created);
  EXPECT_EQ(server.create_machine("m", task).error().message(),
            concat("StateMachineAlreadyExists: State Machine Already Exists: '", first.arn, "'"));
}

TEST(machine, is_refused_in_the_words_of_the_service) {
  sim::Server server;
  EXPECT_EQ(server.create_machine("a name", pass).error().message(),
            "InvalidName: Invalid Name: 'a name'");
  EXPECT_THAT(server.create_machine("m", "{}").error().message(),
              StartsWith("InvalidDefinition: Invalid State Machine Definition: '"));
  EXPECT_THAT(server.create_machine("m", std::string(2 << 20, ' ')).error().message(),
              StartsWith("InvalidDefinition: "));
}

TEST(machine, may_change_and_go_while_its_executions_run_on_what_they_began_with) {
  sim::Server server;
  const std::string machine = server.create_machine("m", wait).value().arn;
  const std::string arn = server.start("m").value().execution_arn;
  const auto changed = server.call<store::Machine>([&](auto reply) {
    server.engine().update_machine({.arn = machine, .definition = pass, .role_arn = {}}, reply);
  });
  EXPECT_EQ(changed.value().definition, pass);
  EXPECT_EQ(server.engine().machine_of_execution(arn).value().definition, wait);
  const auto deleted =
      server.call<void>([&](auto reply) { server.engine().delete_machine(machine, reply); });
  EXPECT_TRUE(deleted.has_value());
  EXPECT_EQ(server.start("m").error().message(),
            concat("StateMachineDoesNotExist: State Machine Does Not Exist: '", machine, "'"));
  server.crash();
  server.pass(seconds(60));
  EXPECT_EQ(server.execution(arn).status, "SUCCEEDED");
}

TEST(execution, runs_its_task_and_ends_with_its_output) {
  sim::Server server;
  server.create_machine("m", task).value();
  const Started started = server.start("m", json::Value::object({{"a", 1}}), "e").value();
  EXPECT_EQ(started.execution_arn, "arn:aws:states:us-east-1:000000000000:execution:m:e");
  const TaskRequest request = server.runner.running().begin()->second;
  EXPECT_EQ(request.execution_name, "e");
  EXPECT_EQ(request.state, "T");
  EXPECT_EQ(request.input.integer_at("a"), 1);
  server.runner.succeed(request.id, json::Value("done"));
  server.settle();
  const store::Execution closed = server.execution(started.execution_arn);
  EXPECT_EQ(closed.status, "SUCCEEDED");
  EXPECT_EQ(closed.output, "\"done\"");
  EXPECT_EQ(server.engine().history(closed.arn).value().back().type, "ExecutionSucceeded");
}

TEST(execution, is_started_once_by_name_and_input) {
  sim::Server server;
  server.create_machine("m", task).value();
  const auto input = json::Value::object({{"a", 1}});
  const Started first = server.start("m", input, "e").value();
  server.pass(seconds(1));
  const Started again = server.start("m", input, "e").value();
  EXPECT_EQ(again.execution_arn, first.execution_arn);
  EXPECT_EQ(again.started, first.started);
  const std::string taken =
      concat("ExecutionAlreadyExists: Execution Already Exists: '", first.execution_arn, "'");
  EXPECT_EQ(server.start("m", json::Value::object(), "e").error().message(), taken);
  server.stop(first.execution_arn).value();
  EXPECT_EQ(server.start("m", input, "e").error().message(), taken);
  EXPECT_EQ(server.runner.starts(), 1u);
}

TEST(execution, that_is_stopped_ends_its_task_and_may_be_stopped_again) {
  sim::Server server;
  server.create_machine("m", task).value();
  const std::string arn = server.start("m").value().execution_arn;
  const std::string id = only_task(server);
  const Instant stopped = server.stop(arn).value();
  EXPECT_THAT(server.runner.cancelled(), ::testing::ElementsAre(id));
  const store::Execution closed = server.execution(arn);
  EXPECT_EQ(closed.status, "ABORTED");
  EXPECT_EQ(closed.error, "E");
  EXPECT_EQ(closed.cause, "C");
  server.pass(seconds(5));
  EXPECT_EQ(server.stop(arn).value(), stopped);
  EXPECT_EQ(server.stop("arn:none").error().message(),
            "ExecutionDoesNotExist: Execution Does Not Exist: 'arn:none'");
}

TEST(execution, fails_at_once_where_nothing_runs_its_resource) {
  sim::Server server;
  server
      .create_machine("m", R"({"StartAt": "T", "States": {"T": {"Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}}})")
      .value();
  const std::string arn = server.start("m").value().execution_arn;
  const store::Execution closed = server.execution(arn);
  EXPECT_EQ(closed.status, "FAILED");
  EXPECT_EQ(closed.error, "Pawl.UnknownResource");
  EXPECT_THAT(closed.cause, HasSubstr("arn:aws:states:::sqs:sendMessage"));
}

TEST(execution, is_refused_beyond_the_limits) {
  sim::Server server({.open_executions_max = 1, .input_bytes_max = 50});
  server.create_machine("m", wait).value();
  EXPECT_THAT(server.start("m", json::Value(std::string(60, 'x'))).error().message(),
              StartsWith("InvalidExecutionInput: "));
  server.start("m").value();
  EXPECT_EQ(server.start("m").error().code(), ErrorCode::limit_exceeded);
  EXPECT_EQ(server.start("m", {}, "a/b").error().message(), "InvalidName: Invalid Name: 'a/b'");
}

TEST(recovery, starts_the_open_task_again_under_the_same_id) {
  sim::Server server;
  server.create_machine("m", task).value();
  const std::string arn = server.start("m").value().execution_arn;
  const std::string id = only_task(server);
  server.crash();
  EXPECT_EQ(only_task(server), id);
  server.runner.succeed(id, json::Value(1));
  server.settle();
  EXPECT_EQ(server.execution(arn).status, "SUCCEEDED");
}

TEST(recovery, fires_timers_that_came_due_meanwhile) {
  sim::Server server;
  server.create_machine("m", wait).value();
  const std::string arn = server.start("m").value().execution_arn;
  EXPECT_EQ(server.engine().next_timer(), server.clock.now() + seconds(60));
  server.clock.advance(hours(1));
  server.crash();
  server.settle();
  EXPECT_EQ(server.execution(arn).status, "SUCCEEDED");
  EXPECT_EQ(server.engine().next_timer(), std::nullopt);
}

TEST(recovery, goes_on_in_the_middle_of_retries) {
  sim::Server server;
  server
      .create_machine("m", R"({"StartAt": "T", "States": {"T": {"Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:0:function:f",
      "Retry": [{"ErrorEquals": ["Odd"], "IntervalSeconds": 10, "MaxAttempts": 1}],
      "End": true}}})")
      .value();
  const std::string arn = server.start("m").value().execution_arn;
  server.runner.fail(only_task(server), "Odd", "");
  server.settle();
  EXPECT_TRUE(server.runner.running().empty());
  server.crash();
  server.pass(seconds(10));
  EXPECT_EQ(server.runner.running().begin()->second.attempt, 1);
  server.runner.fail(only_task(server), "Odd", "the second time");
  server.settle();
  EXPECT_EQ(server.execution(arn).cause, "the second time");
}

TEST(failed_commit, answers_nobody_with_success_and_ends_the_engine) {
  set_log_level(LogLevel(4));
  sim::Server server;
  server.create_machine("m", task).value();
  server.store().fail_next_commit(sim::FaultyStore::Fault::commit_is_lost);
  EXPECT_FALSE(server.start("m", {}, "lost").has_value());
  EXPECT_EQ(server.runner.starts(), 0u);
  EXPECT_FALSE(server.start("m", {}, "later").has_value());
  EXPECT_FALSE(server.engine().turn().has_value());
  EXPECT_FALSE(server.engine().is_running());
  server.crash();
  EXPECT_TRUE(server.engine().is_running());
  EXPECT_TRUE(server.disk.executions.empty());
  EXPECT_TRUE(server.start("m", {}, "lost").has_value());
}

// "There is no execution of that name" would be an answer to a question that could not be asked.
TEST(failed_read, that_a_decision_rests_on_ends_the_engine) {
  set_log_level(LogLevel(4));
  sim::Server server;
  server.create_machine("m", task).value();
  server.store().fail_reads();
  EXPECT_FALSE(server.start("m", {}, "e").has_value());
  EXPECT_FALSE(server.engine().is_running());
  server.crash();
  EXPECT_TRUE(server.disk.executions.empty());
  EXPECT_TRUE(server.start("m", {}, "e").has_value());
}

TEST(reports, about_what_has_ended_or_never_was_are_ignored) {
  sim::Server server;
  server.create_machine("m", task).value();
  const std::string arn = server.start("m").value().execution_arn;
  const std::string id = only_task(server);
  TaskReports& reports = server.engine().reports();
  reports.finished("nonsense", json::Value(1));
  std::string other = id;
  other[0] = other[0] == '0' ? '1' : '0';  // an execution of another data directory
  reports.finished(other, json::Value(1));
  server.settle();
  EXPECT_EQ(server.execution(arn).status, "RUNNING");
  reports.finished(id, json::Value("first"));
  reports.finished(id, json::Value("second"));
  server.settle();
  reports.finished(id, json::Value("third"));
  reports.progressed(id, {});
  server.settle();
  EXPECT_EQ(server.execution(arn).output, "\"first\"");
}

TEST(progress, keeps_a_task_with_a_heartbeat_alive_and_is_shown) {
  sim::Server server;
  server
      .create_machine("m", R"({"StartAt": "T", "States": {"T": {"Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:0:function:f", "HeartbeatSeconds": 10,
      "TimeoutSeconds": 600, "End": true}}})")
      .value();
  const std::string arn = server.start("m").value().execution_arn;
  const std::string id = only_task(server);
  for (uint64_t done = 1; done <= 10; ++done) {
    server.engine().reports().progressed(id,
                                         {.done = done, .total = 10, .unit = "bytes", .note = {}});
    server.pass(seconds(6));
  }
  const auto live = server.activities(arn).value();
  ASSERT_EQ(live.size(), 1u);
  EXPECT_EQ(live[0].activity.state, "T");
  EXPECT_EQ(live[0].progress->done, 10u);
  EXPECT_EQ(server.execution(arn).status, "RUNNING");
  server.pass(seconds(11));
  EXPECT_EQ(server.execution(arn).status, "FAILED");
  EXPECT_TRUE(server.activities(arn).value().empty());
}

TEST(progress, without_a_heartbeat_leaves_nothing_on_the_disk) {
  sim::Server server;
  server.create_machine("m", task).value();
  const std::string arn = server.start("m").value().execution_arn;
  const size_t before = server.disk.records.begin()->second.size();
  server.engine().reports().progressed(only_task(server),
                                       {.done = 1, .total = 2, .unit = "bytes", .note = {}});
  server.settle();
  EXPECT_EQ(server.disk.records.begin()->second.size(), before);
}

TEST(engine, turns_by_itself_on_the_real_clock_and_refuses_after_it_was_stopped) {
  sim::Disk disk;
  sim::MemoryStore store(disk);
  world::OsClock clock;
  world::OsRandom random;
  sim::ScriptedRunner runner;
  Engine engine({}, store, clock, random);
  engine.add_runner(runner);
  runner.report_to(engine.reports());
  ASSERT_TRUE(engine.start().has_value());
  std::promise<bool> created;
  engine.create_machine(
      {.name = "m", .definition = pass, .role_arn = "r"},
      [&](Result<store::Machine> reply) { created.set_value(reply.has_value()); });
  EXPECT_TRUE(created.get_future().get());
  std::promise<std::string> started;
  engine.start_execution({.machine_arn = sim::Server::machine_arn("m"),
                          .name = {},
                          .input = json::Value::object(),
                          .input_text = "{ }"},
                         [&](Result<Started> reply) {
                           started.set_value(reply.has_value() ? reply->execution_arn : "");
                         });
  const std::string arn = started.get_future().get();
  engine.stop();
  EXPECT_EQ(engine.execution(arn).value().status, "SUCCEEDED");
  EXPECT_EQ(engine.execution(arn).value().input, "{ }");
  ErrorCode refused = ErrorCode::failed;
  engine.stop_execution(arn, "", "",
                        [&](Result<Instant> reply) { refused = reply.error().code(); });
  EXPECT_EQ(refused, ErrorCode::unavailable);
}

TEST(engine, refuses_commands_when_too_many_wait) {
  sim::Server server;
  size_t refused = 0;
  for (size_t i = 0; i < commands_waiting_max + 3; ++i) {
    server.engine().activities("arn:none", [&](const Result<std::vector<LiveActivity>>& reply) {
      refused += reply.error().code() == ErrorCode::limit_exceeded;
    });
  }
  EXPECT_EQ(refused, 3u);
}

TEST(task_id, leads_back_to_its_execution_and_effect) {
  store::Execution execution;
  execution.id = 0x123456789abc;
  execution.arn = "arn:a";
  const std::string id = make_task_id(execution, 42);
  EXPECT_EQ(id.size(), 36u + 3u);
  const auto parsed = parse_task_id(id);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->execution_id, execution.id);
  EXPECT_EQ(parsed->effect, 42u);
  EXPECT_TRUE(is_valid_name(id));
  execution.arn = "arn:b";
  EXPECT_NE(make_task_id(execution, 42), id);
  for (const char* wrong :
       {"", "x", "6b0e61c4-3a52-97b1-0000-00000000002a", "6b0e61c4-3a52-97b1-0000-00000000002a-x",
        "6b0e61c4-3a52-97b1-zzzz-00000000002a-1"}) {
    EXPECT_FALSE(parse_task_id(wrong).has_value()) << wrong;
  }
}

TEST(name, is_valid_as_the_service_says) {
  for (const char* good : {"a", "Tägliche_Sicherung", "a-b.c+d=e@f!(1)'"}) {
    EXPECT_TRUE(is_valid_name(good)) << good;
  }
  for (const char* bad : {"", "a b", "a<b", "a}", "a?", "a*", "a\"", "a%", "a\\", "a^", "a~", "a$",
                          "a;", "a/", "a:", "a\x1f", "a\xc2\x85"}) {
    EXPECT_FALSE(is_valid_name(bad)) << bad;
  }
  EXPECT_TRUE(is_valid_name(std::string(80, 'x')));
  EXPECT_FALSE(is_valid_name(std::string(81, 'x')));
}

TEST(timers, fire_in_the_order_of_their_times_and_not_when_cleared) {
  Timers timers;
  const auto at = [](int64_t second) { return Instant(seconds(second)); };
  timers.set({at(3), 1, 1});
  timers.set({at(1), 2, 1});
  timers.set({at(2), 3, 1});
  timers.clear({at(2), 3, 1});
  EXPECT_EQ(timers.next(), at(1));
  EXPECT_EQ(timers.take_due(at(2)).value().execution_id, 2);
  EXPECT_FALSE(timers.take_due(at(2)).has_value());
  EXPECT_EQ(timers.take_due(at(3)).value().execution_id, 1);
  EXPECT_FALSE(timers.next().has_value());
}

}  // namespace
}  // namespace pawl::engine
