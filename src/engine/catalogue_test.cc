#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "engine/loop.h"
#include "engine/names.h"
#include "sim/server.h"

namespace pawl::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* pass = R"({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}})";
constexpr const char* wait = R"({"StartAt": "W", "States": {"W": {"Type": "Wait",
    "Seconds": 100000, "End": true}}})";
constexpr const char* answer_from_outside =
    R"({"StartAt": "T", "States": {"T": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}}}})";

std::string machine(const std::string& name) { return sim::Server::machine_arn(name); }

std::string labelled(int number) {
  return concat(R"({"Comment": "v)", number,
                R"(", "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}})");
}

store::Machine update(sim::Server& server, const std::string& definition) {
  return server
      .call<store::Machine>([&](auto reply) {
        MachineChange change;
        change.arn = machine("m");
        change.definition = definition;
        change.publish = true;
        server.engine().update_machine(std::move(change), reply);
      })
      .value();
}

std::string message(const auto& result) {
  return result.has_value() ? "no error" : result.error().message();
}

TEST(version, is_published_once_for_a_revision_and_its_number_is_never_used_again) {
  sim::Server server;
  server.create_machine("m", labelled(0)).value();
  EXPECT_EQ(server.ask(PublishVersion{machine("m"), {}, ""}).value().number, 1);
  EXPECT_EQ(server.ask(PublishVersion{machine("m"), "INITIAL", ""}).value().number, 1);
  EXPECT_EQ(update(server, labelled(0)).last_version, 1);
  const auto second = update(server, labelled(1));
  EXPECT_EQ(second.last_version, 2);
  EXPECT_THAT(message(server.ask(PublishVersion{machine("m"), "INITIAL", ""})),
              StartsWith("ConflictException: Failed to publish the State Machine version"));
  ASSERT_TRUE(server.ask(DeleteVersion{machine("m") + ":2"}).has_value());
  EXPECT_EQ(server.ask(PublishVersion{machine("m"), {}, ""}).value().number, 3);
  EXPECT_EQ(server.engine().catalogue().version(machine("m"), 1).value()->definition, labelled(0));
}

TEST(version, runs_what_was_published_though_the_machine_has_changed) {
  sim::Server server;
  server.create_machine("m", pass).value();
  server.ask(PublishVersion{machine("m"), {}, ""}).value();
  update(server, wait);
  const auto arn = server.start("m:1").value().execution_arn;
  EXPECT_EQ(server.execution(arn).status, "SUCCEEDED");
  EXPECT_EQ(server.execution(arn).version, 1);
  EXPECT_EQ(server.execution(arn).machine_arn, machine("m"));
  EXPECT_EQ(server.engine().machine_of_execution(arn).value().definition, pass);
  EXPECT_EQ(
      message(server.start("m:9")),
      concat("StateMachineDoesNotExist: State Machine Does Not Exist: '", machine("m"), ":9'"));
}

TEST(alias, leads_to_its_versions_by_their_weights) {
  const std::vector<store::Route> routes = {{1, 70}, {2, 30}};
  int first = 0;
  for (uint64_t entropy = 0; entropy < 1000; ++entropy)
    first += chosen_version(routes, entropy) == 1;
  EXPECT_EQ(first, 700);
  EXPECT_EQ(chosen_version({{1, 0}, {2, 100}}, 0), 2);
}

TEST(alias, is_refused_for_versions_that_are_none_or_not_there) {
  sim::Server server;
  server.create_machine("m", pass).value();
  server.ask(PublishVersion{machine("m"), {}, ""}).value();
  const auto refusal = [&](std::vector<AliasRoute> routes) {
    return message(server.ask(CreateAlias{"live", "", std::move(routes)}));
  };
  EXPECT_THAT(refusal({{machine("m"), 100}}), HasSubstr("must contain state machine version ARNs"));
  EXPECT_THAT(refusal({{machine("m") + ":1", 50}, {machine("m") + ":1", 50}}),
              HasSubstr("must contain distinct"));
  EXPECT_THAT(refusal({{machine("m") + ":1", 99}}), HasSubstr("must equal 100. Received: [99]"));
  EXPECT_THAT(refusal({{machine("m") + ":2", 100}}), StartsWith("ResourceNotFound: "));
  EXPECT_EQ(refusal({{machine("m") + ":1", 100}}), "no error");
  EXPECT_THAT(message(server.ask(DeleteVersion{machine("m") + ":1"})),
              HasSubstr("Current list of aliases referencing this version: [live]"));
}

// What one command of a turn defines, the next one finds, though nothing was durable in between.
TEST(catalogue, is_as_the_command_before_has_left_it_within_one_turn) {
  sim::Server server;
  Engine& engine = server.engine();
  std::optional<Result<Started>> started;
  NewMachine asked{.name = "m", .definition = pass, .role_arn = "role"};
  asked.publish = true;
  engine.create_machine(asked, {});
  engine.ask(CreateAlias{"live", "", {{machine("m") + ":1", 100}}}, {});
  engine.ask(ChangeTags{machine("m"), {{"a", "1"}, {"b", "2"}}, {}}, {});
  engine.ask(ChangeTags{machine("m"), {{"b", "3"}}, {"a"}}, {});
  engine.start_execution({.machine_arn = machine("m") + ":live", .name = {}, .input_text = {}},
                         [&](auto answer) { started.emplace(std::move(answer)); });
  EXPECT_EQ(engine.turn().value(), 5u);
  ASSERT_TRUE(started.has_value() && started->has_value());
  EXPECT_EQ(server.execution((*started)->execution_arn).alias, "live");
  EXPECT_EQ(engine.catalogue().tags(machine("m")).value(), (std::vector<store::Tag>{{"b", "3"}}));
}

TEST(catalogue, refuses_the_rest_of_a_turn_when_a_commit_fails_in_the_middle) {
  sim::Server server;
  Engine& engine = server.engine();
  std::vector<std::string> answers;
  engine.create_machine({.name = "m", .definition = pass, .role_arn = "role"},
                        [&](auto answer) { answers.push_back(message(answer)); });
  for (const char* key : {"a", "b"})
    engine.ask(ChangeTags{machine("m"), {{key, ""}}, {}},
               [&](auto answer) { answers.push_back(message(answer)); });
  server.store().fail_next_commit(sim::FaultyStore::Fault::commit_is_lost);
  EXPECT_FALSE(engine.turn().has_value());
  ASSERT_EQ(answers.size(), 3u);
  for (const auto& answer : answers) EXPECT_NE(answer, "no error");
}

TEST(tags, are_limited_and_only_of_what_is_there) {
  sim::Server server;
  server.create_machine("m", pass).value();
  ChangeTags change{machine("m"), {}, {}};
  for (int number = 0; number < 51; ++number) change.set.push_back({concat("k", number), ""});
  EXPECT_THAT(message(server.ask(change)), StartsWith("TooManyTags: "));
  change.set.pop_back();
  EXPECT_EQ(message(server.ask(change)), "no error");
  EXPECT_EQ(message(server.ask(ChangeTags{machine("m") + ":1", {{"k", "v"}}, {}})),
            concat("ResourceNotFound: Resource not found: '", machine("m"), ":1'"));
}

TEST(express, is_answered_when_it_ends_and_lasts_five_minutes_at_most) {
  sim::Server server;
  const auto create = [&](const char* definition) {
    return server.call<store::Machine>([&](auto reply) {
      server.engine().create_machine(
          {.name = "m", .definition = definition, .role_arn = "role", .type = "EXPRESS"}, reply);
    });
  };
  create(wait).value();
  EXPECT_THAT(message(create(answer_from_outside)),
              HasSubstr("Express state machine does not support '.waitForTaskToken' service "
                        "integration  at /States/T/Resource"));
  std::optional<Result<store::Execution>> ended;
  server.engine().run_execution({.machine_arn = machine("m"), .name = "e", .input_text = {}},
                                [&](auto answer) { ended.emplace(std::move(answer)); });
  server.settle();
  server.pass(seconds(299));
  EXPECT_FALSE(ended.has_value());
  server.crash();  // The client hears nothing any more; the execution goes on.
  server.pass(seconds(1));
  const auto query = store::ExecutionQuery{.machine_arn = machine("m")};
  const auto kept = server.engine().executions(query).value().executions;
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].status, "TIMED_OUT");
  EXPECT_EQ(kept[0].type, "EXPRESS");
}

TEST(express, is_not_what_a_standard_machine_runs) {
  sim::Server server;
  server.create_machine("m", pass).value();
  EXPECT_THAT(message(server.call<store::Execution>([&](auto reply) {
                server.engine().run_execution(
                    {.machine_arn = machine("m"), .name = "e", .input_text = {}}, reply);
              })),
              StartsWith("StateMachineTypeNotSupported: "));
}

constexpr const char* task = R"({"StartAt": "P", "States": {
    "P": {"Type": "Pass", "Result": 1, "ResultPath": "$.p", "Next": "T"},
    "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:f", "End": true}}})";

std::string failed_execution(sim::Server& server) {
  server.create_machine("m", task).value();
  const auto arn = server.start("m", json::Value::object(), "e").value().execution_arn;
  server.settle();
  server.runner.fail(server.runner.running().begin()->first, "Broken", "");
  server.settle();
  CHECK(server.execution(arn).status == "FAILED");
  return arn;
}

TEST(redrive, needs_room_in_a_history_that_may_not_go_on_for_ever) {
  sim::Server endless;
  const auto failed = failed_execution(endless);
  const auto events = static_cast<int64_t>(endless.engine().history(failed).value().size());
  Options options;
  options.events_max = events + 2;
  sim::Server roomy(options);
  EXPECT_EQ(roomy.engine().redrive_refusal(roomy.execution(failed_execution(roomy))).value(), "");
  EXPECT_TRUE(roomy.ask(RedriveExecution{failed}));
  options.events_max = events + 1;
  sim::Server full(options);
  const auto reason = full.engine().redrive_refusal(full.execution(failed_execution(full))).value();
  EXPECT_EQ(reason, concat("Execution has ", events, " events in its history and cannot be ",
                           "redriven; only one of fewer than ", events, " can"));
  const auto refused = full.ask(RedriveExecution{failed});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), ::testing::HasSubstr(reason));
}

TEST(redrive, begins_again_at_the_task_that_failed_and_survives_a_crash) {
  sim::Server server;
  const auto arn = failed_execution(server);
  EXPECT_EQ(server.engine().redrive_refusal(server.execution(arn)).value(), "");
  server.pass(seconds(5));
  const auto redriven = server.ask(RedriveExecution{arn});
  EXPECT_EQ(redriven.value(), server.clock.now());
  EXPECT_EQ(server.execution(arn).status, "RUNNING");
  server.crash();
  server.settle();
  ASSERT_EQ(server.runner.running().size(), 1u);
  server.runner.succeed(server.runner.running().begin()->first, json::Value("done"));
  server.settle();
  const auto ended = server.execution(arn);
  EXPECT_EQ(ended.status, "SUCCEEDED");
  EXPECT_EQ(ended.output, "\"done\"");
  EXPECT_EQ(ended.error, "");
  EXPECT_EQ(ended.redrives, 1);
  EXPECT_EQ(ended.redriven, redriven.value());
  std::string types;
  const auto events = server.engine().history(arn).value();
  for (const auto& event : events) types += event.type + " ";
  EXPECT_THAT(types, HasSubstr("LambdaFunctionFailed ExecutionFailed ExecutionRedriven "
                               "LambdaFunctionScheduled LambdaFunctionStarted "
                               "LambdaFunctionSucceeded TaskStateExited ExecutionSucceeded "));
}

TEST(redrive, is_refused_of_what_runs_has_succeeded_or_is_not_there) {
  sim::Server server;
  const auto arn = failed_execution(server);
  server.ask(RedriveExecution{arn}).value();
  EXPECT_EQ(message(server.ask(RedriveExecution{arn})),
            "ExecutionNotRedrivable: Execution is RUNNING and cannot be redriven");
  server.runner.succeed(server.runner.running().begin()->first, json::Value("done"));
  server.settle();
  EXPECT_EQ(message(server.ask(RedriveExecution{arn})),
            "ExecutionNotRedrivable: Execution is SUCCEEDED and cannot be redriven");
  EXPECT_THAT(message(server.ask(RedriveExecution{arn + "x"})),
              StartsWith("ExecutionDoesNotExist: "));
}

TEST(redrive, is_told_again_to_who_asks_again_with_the_same_token) {
  sim::Server server;
  const auto arn = failed_execution(server);
  const auto redriven = server.ask(RedriveExecution{arn, "a"});
  server.pass(seconds(5));
  EXPECT_EQ(server.ask(RedriveExecution{arn, "a"}).value(), redriven.value());
  EXPECT_THAT(message(server.ask(RedriveExecution{arn, "b"})), HasSubstr("RUNNING"));
  EXPECT_EQ(server.execution(arn).redrives, 1);
}

TEST(redrive, keeps_the_name_taken_and_the_timers_of_before_forgotten) {
  sim::Server server;
  server.create_machine("m", wait).value();
  const auto arn = server.start("m", json::Value::object(), "e").value().execution_arn;
  server.pass(seconds(50'000));
  server.stop(arn).value();
  server.ask(RedriveExecution{arn}).value();
  EXPECT_EQ(server.start("m", json::Value::object(), "e").value().execution_arn, arn);
  server.pass(seconds(99'999));
  EXPECT_EQ(server.execution(arn).status, "RUNNING");
  server.pass(seconds(1));
  EXPECT_EQ(server.execution(arn).status, "SUCCEEDED");
}

TEST(arn, of_a_machine_may_have_a_version_or_an_alias_behind_it) {
  const auto versioned = parse_machine_arn(machine("m") + ":12");
  EXPECT_EQ(versioned.machine_arn, machine("m"));
  EXPECT_EQ(versioned.version, 12);
  const auto aliased = parse_machine_arn(machine("m") + ":live-1");
  EXPECT_EQ(aliased.alias, "live-1");
  EXPECT_TRUE(parse_machine_arn(machine("m")).is_plain());
  EXPECT_TRUE(parse_machine_arn(machine("m") + ":").is_plain());
  EXPECT_TRUE(parse_machine_arn("nonsense").is_plain());
}

}  // namespace
}  // namespace pawl::engine
