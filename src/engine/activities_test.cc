#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "json/parse.h"
#include "sim/server.h"

namespace pawl::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string activity = "arn:aws:states:us-east-1:000000000000:activity:a";

std::string definition_of(const std::string& fields = "") {
  return concat(R"({"StartAt": "T", "States": {"T": {"Type": "Task", "End": true, "Resource": ")",
                activity, "\"", fields, "}}}");
}

constexpr const char* callback =
    R"({"StartAt": "T", "States": {"T": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}}}})";

std::string message(const auto& result) {
  return result.has_value() ? "no error" : result.error().message();
}

// A worker who asks for tasks. What he is told may come when the test has let go of him.
struct Worker {
  struct Heard {
    std::optional<Result<ActivityTask>> answer;
    bool is_there = true;
  };
  std::shared_ptr<Heard> heard = std::make_shared<Heard>();

  void poll(sim::Server& server, const std::string& name = "w") {
    heard->answer.reset();
    server.engine().ask(PollActivity{activity, name, [heard = heard] { return heard->is_there; }},
                        [heard = heard](auto given) { heard->answer.emplace(std::move(given)); });
    server.settle();
  }
  bool is_answered() const { return heard->answer.has_value(); }
  const Result<ActivityTask>& answer() const { return *heard->answer; }
  std::string token() const {
    return is_answered() && answer().has_value() ? answer()->token : std::string();
  }
};

class activities : public ::testing::Test {
 protected:
  activities() {
    server_.ask(CreateActivity{.name = "a", .tags = {}}).value();
    server_.create_machine("m", definition_of()).value();
  }
  std::string start(const std::string& machine = "m") {
    const auto input = json::parse(R"({"n": 1})").value();
    const auto arn = server_.start(machine, input).value().execution_arn;
    server_.settle();
    return arn;
  }
  Result<void> succeed(const std::string& token) {
    auto done = server_.ask(AnswerToken{token, json::parse(R"({"done": true})").value()});
    server_.settle();
    return done;
  }
  std::string types(const std::string& arn) {
    std::string types;
    const auto events = server_.engine().history(arn).value();
    for (const auto& event : events) types += event.type + " ";
    return types;
  }

  sim::Server server_;
};

TEST_F(activities, hand_a_task_to_a_worker_who_answers_it) {
  const auto arn = start();
  Worker worker;
  worker.poll(server_, "worker-1");
  ASSERT_NE(worker.token(), "");
  EXPECT_EQ(worker.answer()->input, json::parse(R"({"n": 1})").value());
  EXPECT_TRUE(succeed(worker.token()).has_value());
  EXPECT_EQ(server_.execution(arn).output, R"({"done":true})");
  EXPECT_THAT(types(arn), HasSubstr("ActivityScheduled ActivityStarted ActivitySucceeded "));
}

TEST_F(activities, hand_a_task_to_the_worker_who_waited_longest_and_to_no_other) {
  Worker first, second;
  first.poll(server_);
  second.poll(server_);
  start();
  EXPECT_NE(first.token(), "");
  EXPECT_FALSE(second.is_answered());
  start();
  EXPECT_NE(second.token(), "");
  EXPECT_NE(first.token(), second.token());
}

TEST_F(activities, give_no_task_to_a_worker_who_has_gone_away) {
  Worker gone, there;
  gone.poll(server_);
  gone.heard->is_there = false;
  start();
  EXPECT_FALSE(gone.is_answered());
  there.poll(server_);
  EXPECT_NE(there.token(), "");
}

TEST_F(activities, let_a_worker_wait_a_minute_and_then_have_nothing_for_him) {
  Worker worker;
  worker.poll(server_);
  server_.pass(seconds(59));
  EXPECT_FALSE(worker.is_answered());
  EXPECT_TRUE(server_.engine().next_timer().has_value());
  server_.pass(seconds(1));
  ASSERT_TRUE(worker.is_answered());
  EXPECT_EQ(worker.answer()->token, "");
  start();
  worker.poll(server_);
  EXPECT_NE(worker.token(), "");
}

TEST_F(activities, leave_a_task_with_the_worker_who_has_it_over_a_crash) {
  const auto arn = start();
  Worker worker, other;
  worker.poll(server_);
  const std::string token = worker.token();
  server_.crash();
  other.poll(server_);
  EXPECT_FALSE(other.is_answered());
  EXPECT_TRUE(succeed(token).has_value());
  EXPECT_EQ(server_.execution(arn).status, "SUCCEEDED");
}

TEST_F(activities, offer_a_task_again_after_a_crash_where_nobody_had_it) {
  start();
  server_.crash();
  Worker worker;
  worker.poll(server_);
  EXPECT_NE(worker.token(), "");
}

TEST_F(activities, take_back_a_task_that_ended_before_anyone_had_it) {
  const auto arn = start();
  server_.stop(arn).value();
  server_.settle();
  Worker worker;
  worker.poll(server_);
  EXPECT_FALSE(worker.is_answered());
}

TEST_F(activities, know_when_a_token_is_good_no_longer_and_when_it_never_was) {
  start();
  Worker worker;
  worker.poll(server_);
  const std::string token = worker.token();
  for (const std::string& wrong : {std::string("x"), std::string("1.2.3"), token.substr(1),
                                   "9" + token, "1." + std::string(48, 'a') + ".1"})
    EXPECT_EQ(message(succeed(wrong)), "InvalidToken: Invalid Token: 'Invalid token'") << wrong;
  EXPECT_EQ(message(succeed(token)), "no error");
  EXPECT_EQ(message(succeed(token)),
            "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'");
}

TEST_F(activities, time_out_a_worker_who_does_not_beat_and_not_one_who_does) {
  server_.create_machine("beating", definition_of(", \"HeartbeatSeconds\": 10")).value();
  const auto arn = start("beating");
  Worker worker;
  worker.poll(server_);
  for (int beat = 0; beat < 3; ++beat) {
    server_.pass(seconds(9));
    EXPECT_EQ(message(server_.ask(AnswerToken{worker.token(), TaskBeats{}})), "no error");
  }
  EXPECT_EQ(server_.execution(arn).status, "RUNNING");
  server_.pass(seconds(10));
  EXPECT_EQ(server_.execution(arn).status, "FAILED");
  EXPECT_THAT(message(server_.ask(AnswerToken{worker.token(), TaskBeats{}})),
              StartsWith("TaskTimedOut: "));
}

TEST_F(activities, that_are_gone_send_their_workers_away_and_fail_what_asks_for_them) {
  Worker worker;
  worker.poll(server_);
  ASSERT_TRUE(server_.ask(DeleteActivity{activity}).has_value());
  ASSERT_TRUE(worker.is_answered());
  EXPECT_EQ(message(worker.answer()),
            concat("ActivityDoesNotExist: Activity Does Not Exist: '", activity, "'"));
  const auto arn = start();
  EXPECT_EQ(server_.execution(arn).error, "States.Runtime");
  EXPECT_EQ(message(server_.ask(DeleteActivity{activity})), "no error");
}

TEST_F(activities, refuse_more_workers_than_there_may_be) {
  sim::Server server({.activity_polls_max = 1});
  server.ask(CreateActivity{.name = "a", .tags = {}}).value();
  Worker first, second;
  first.poll(server);
  second.poll(server);
  ASSERT_TRUE(second.is_answered());
  EXPECT_THAT(message(second.answer()), StartsWith("ActivityWorkerLimitExceeded: "));
}

TEST_F(activities, answer_those_who_wait_when_the_server_stops) {
  Worker worker;
  worker.poll(server_);
  server_.engine().stop();
  ASSERT_TRUE(worker.is_answered());
  EXPECT_THAT(message(worker.answer()), StartsWith("ServiceUnavailable: "));
}

TEST_F(activities, wait_for_the_token_once_the_request_has_been_made) {
  server_.create_machine("called", callback).value();
  const auto arn = start("called");
  ASSERT_EQ(server_.runner.running().size(), 1u);
  const auto [id, request] = *server_.runner.running().begin();
  EXPECT_EQ(request.resource, "arn:aws:states:::lambda:invoke");
  const std::string token = request.input["Payload"].string_at("token").value();
  server_.runner.succeed(id, json::parse("{}").value());
  server_.settle();
  EXPECT_EQ(server_.execution(arn).status, "RUNNING");
  EXPECT_THAT(types(arn), HasSubstr("TaskSubmitted"));
  // Who was asked is not asked again.
  server_.crash();
  server_.settle();
  EXPECT_TRUE(server_.runner.running().empty());
  EXPECT_EQ(message(succeed(token)), "no error");
  EXPECT_EQ(server_.execution(arn).output, R"({"done":true})");
}

TEST_F(activities, fail_a_task_whose_request_fails_though_it_waits_for_its_token) {
  server_.create_machine("called", callback).value();
  const auto arn = start("called");
  const std::string id = server_.runner.running().begin()->first;
  server_.runner.fail(id, "Lambda.Unknown", "broken");
  server_.settle();
  EXPECT_EQ(server_.execution(arn).error, "Lambda.Unknown");
}

}  // namespace
}  // namespace pawl::engine
