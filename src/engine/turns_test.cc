#include <gtest/gtest.h>

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "engine/limits.h"
#include "sim/server.h"

namespace pawl::engine {
namespace {

constexpr const char* pass = R"({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}})";
constexpr const char* each = R"({"StartAt": "Each", "States": {
    "Each": {"Type": "Map", "ItemsPath": "$.items", "End": true, "ItemProcessor": {
      "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}})";

json::Value items(int64_t count) {
  json::Value::Array all;
  for (int64_t i = 0; i < count; ++i) all.push_back(i);
  return json::Value::object({{"items", json::Value(std::move(all))}});
}

// Asks for it, and does not turn.
void ask_to_start(sim::Server& server, const std::string& machine, json::Value input,
                  Reply<Started> reply) {
  server.engine().start_execution({.machine_arn = sim::Server::machine_arn(machine),
                                   .name = {},
                                   .input = std::move(input),
                                   .input_text = {}},
                                  std::move(reply));
}

class turn : public testing::Test {
 protected:
  turn() {
    set_log_level(LogLevel::error);
    server_.create_machine("pass", pass).value();
    server_.create_machine("each", each).value();
  }
  ~turn() override { set_log_level(LogLevel::info); }

  sim::Server server_;
};

TEST_F(turn, ends_when_its_work_is_done_and_the_next_serves_who_is_left) {
  constexpr size_t asked = 20;
  size_t answered = 0;
  for (size_t i = 0; i < asked; ++i)
    ask_to_start(server_, "each", items(2'000), [&](Result<Started> started) {
      EXPECT_TRUE(started.has_value());
      ++answered;
    });
  EXPECT_GT(server_.engine().turn().value(), 0u);
  EXPECT_GT(answered, 0u);
  EXPECT_LT(answered, asked / 2);
  server_.settle();
  EXPECT_EQ(answered, asked);
}

TEST_F(turn, leaves_nobody_without_an_answer_when_the_server_stops) {
  constexpr size_t asked = 20;
  size_t started = 0, refused = 0;
  for (size_t i = 0; i < asked; ++i)
    ask_to_start(server_, "each", items(2'000), [&](const Result<Started>& reply) {
      if (reply.has_value()) ++started;
      if (!reply.has_value() && reply.error().code() == ErrorCode::unavailable) ++refused;
    });
  EXPECT_GT(server_.engine().turn().value(), 0u);
  EXPECT_GT(started, 0u);
  EXPECT_EQ(refused, 0u);
  server_.engine().stop();
  EXPECT_GT(refused, 0u);
  EXPECT_EQ(started + refused, asked);
}

TEST_F(turn, serves_more_than_it_takes_at_once_in_the_order_they_came) {
  constexpr size_t asked = 2 * commands_per_turn_max + 1;
  std::vector<size_t> answered;
  for (size_t i = 0; i < asked; ++i)
    server_.engine().activities("arn:none", [&answered, i](const auto&) { answered.push_back(i); });
  for (const size_t expected : {commands_per_turn_max, 2 * commands_per_turn_max, asked}) {
    EXPECT_GT(server_.engine().turn().value(), 0u);
    EXPECT_EQ(answered.size(), expected);
  }
  EXPECT_TRUE(std::is_sorted(answered.begin(), answered.end()));
}

TEST_F(turn, ends_where_much_has_been_brought_along) {
  constexpr size_t asked = 20;
  const json::Value large(std::string(1 << 20, 'x'));
  size_t answered = 0;
  for (size_t i = 0; i < asked; ++i)
    ask_to_start(server_, "pass", large, [&](const auto&) { ++answered; });
  (void)server_.engine().turn();
  EXPECT_GT(answered, 0u);
  EXPECT_LT(answered, asked / 2);
  server_.settle();
  EXPECT_EQ(answered, asked);
}

TEST_F(turn, ends_where_long_stories_have_been_read_for_redrives) {
  server_
      .create_machine("fails", R"({"StartAt": "Each", "States": {
      "Each": {"Type": "Map", "ItemsPath": "$.items", "Next": "F", "ItemProcessor": {
        "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}},
      "F": {"Type": "Fail", "Error": "E"}}})")
      .value();
  constexpr size_t asked = 10;
  size_t answered = 0;
  std::vector<std::string> failed;
  for (size_t i = 0; i < asked; ++i)
    failed.push_back(server_.start("fails", items(4'000)).value().execution_arn);
  server_.settle();
  for (const std::string& arn : failed)
    server_.engine().ask(RedriveExecution{arn, {}}, [&](Result<Instant> redriven) {
      EXPECT_TRUE(redriven.has_value());
      ++answered;
    });
  (void)server_.engine().turn();
  EXPECT_GT(answered, 0u);
  EXPECT_LT(answered, asked / 2);
  server_.settle();
  EXPECT_EQ(answered, asked);
}

TEST_F(turn, serves_clients_while_a_large_map_goes_on) {
  const std::string large = server_.start("each", items(40'000)).value().execution_arn;
  size_t turns = 0;
  while (server_.execution(large).status == "RUNNING") {
    ++turns;
    bool is_answered = false;
    ask_to_start(server_, "pass", {}, [&](const auto&) { is_answered = true; });
    EXPECT_GT(server_.engine().turn().value(), 0u);
    EXPECT_TRUE(is_answered);
  }
  EXPECT_GT(turns, 3u);
}

TEST_F(turn, goes_on_with_timers_and_its_own_work_while_clients_ask_for_more_than_it_can_do) {
  server_
      .create_machine("parent", R"({"StartAt": "C", "States": {"C": {"Type": "Task", "End": true,
      "Resource": "arn:aws:states:::states:startExecution", "Parameters": {"StateMachineArn":
        "arn:aws:states:us-east-1:000000000000:stateMachine:pass"}}}})")
      .value();
  server_
      .create_machine("wait", R"({"StartAt": "W", "States": {
      "W": {"Type": "Wait", "Seconds": 1, "End": true}}})")
      .value();
  const std::string waiting = server_.start("wait").value().execution_arn;
  std::string parent;
  ask_to_start(server_, "parent", {}, [&](Result<Started> s) { parent = s.value().execution_arn; });
  for (int i = 0; i < 20; ++i) ask_to_start(server_, "each", items(10'000), [](const auto&) {});
  server_.clock.advance(seconds(1));
  (void)server_.engine().turn();
  EXPECT_EQ(server_.execution(waiting).status, "SUCCEEDED");
  (void)server_.engine().turn();
  EXPECT_EQ(server_.execution(parent).status, "SUCCEEDED");
}

TEST_F(turn, that_lasts_too_long_makes_the_engine_say_that_it_is_not_ready) {
  EXPECT_TRUE(server_.engine().readiness().has_value());
  std::string reason;
  ask_to_start(server_, "pass", {}, [&](const auto&) {
    server_.clock.advance(turn_time_max);
    EXPECT_TRUE(server_.engine().readiness().has_value());
    server_.clock.advance(seconds(1));
    reason = server_.engine().readiness().error().text();
  });
  server_.settle();
  EXPECT_EQ(reason, "the engine has been busy with one turn for 6.0 s");
  EXPECT_TRUE(server_.engine().readiness().has_value());
}

TEST_F(turn, that_could_not_be_committed_makes_the_engine_say_why_it_is_not_ready) {
  set_log_level(LogLevel(static_cast<int>(LogLevel::error) + 1));
  server_.store().fail_next_commit(sim::FaultyStore::Fault::commit_is_lost);
  EXPECT_FALSE(server_.start("pass").has_value());
  const Result<void> ready = server_.engine().readiness();
  ASSERT_FALSE(ready.has_value());
  EXPECT_NE(ready.error().text(), "");
}

}  // namespace
}  // namespace pawl::engine
