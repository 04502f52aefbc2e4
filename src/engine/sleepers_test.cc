#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "base/text.h"
#include "sim/server.h"

namespace pawl::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* two_waits = R"({"StartAt": "First", "States": {
  "First": {"Type": "Wait", "Seconds": 60, "Next": "Second"},
  "Second": {"Type": "Wait", "Seconds": 60, "End": true}}})";

// Where whatever may sleep does.
class sleepers : public ::testing::Test {
 protected:
  sleepers() : server_({.awake_executions_max = 0}) {
    EXPECT_TRUE(server_.create_machine("m", two_waits).has_value());
  }

  std::string start() { return server_.start("m").value().execution_arn; }
  std::string status(const std::string& arn) {
    return server_.engine().execution(arn).value().status;
  }

  sim::Server server_;
};

TEST_F(sleepers, wake_for_each_of_their_timers) {
  const std::string arn = start();
  server_.pass(seconds(59));
  EXPECT_EQ(status(arn), "RUNNING");
  server_.pass(seconds(1));
  EXPECT_EQ(server_.activities(arn).value().at(0).activity.state, "Second");
  server_.pass(seconds(60));
  EXPECT_EQ(status(arn), "SUCCEEDED");
}

TEST_F(sleepers, are_shown_and_sleep_on) {
  const std::string arn = start();
  for (int i = 0; i < 3; ++i) {
    const auto live = server_.activities(arn).value();
    ASSERT_EQ(live.size(), 1u);
    EXPECT_EQ(live[0].activity.state, "First");
  }
  server_.pass(seconds(60));
  server_.pass(seconds(60));
  EXPECT_EQ(status(arn), "SUCCEEDED");
}

TEST_F(sleepers, are_stopped) {
  const std::string arn = start();
  EXPECT_TRUE(server_.stop(arn).has_value());
  EXPECT_EQ(status(arn), "ABORTED");
  server_.pass(seconds(200));
  EXPECT_EQ(status(arn), "ABORTED");
}

TEST_F(sleepers, are_found_by_their_names) {
  const auto input = json::Value::object({{"n", 1}});
  const auto first = server_.start("m", input, "same").value();
  EXPECT_EQ(server_.start("m", input, "same").value().execution_arn, first.execution_arn);
  EXPECT_FALSE(server_.start("m", json::Value::object(), "same").has_value());
}

TEST_F(sleepers, sleep_on_after_a_crash) {
  const std::string arn = start();
  server_.crash();
  server_.pass(seconds(60));
  server_.crash();
  server_.pass(seconds(60));
  EXPECT_EQ(status(arn), "SUCCEEDED");
}

TEST_F(sleepers, count_among_the_open_ones) {
  sim::Server small({.open_executions_max = 2, .awake_executions_max = 0});
  ASSERT_TRUE(small.create_machine("m", two_waits).has_value());
  EXPECT_TRUE(small.start("m").has_value());
  EXPECT_TRUE(small.start("m").has_value());
  EXPECT_FALSE(small.start("m").has_value());
}

// The disk does not give it, or gives something else.
class unreadable_sleepers : public sleepers, public ::testing::WithParamInterface<ErrorCode> {
 protected:
  unreadable_sleepers() { set_log_level(LogLevel(4)); }
  ~unreadable_sleepers() override { set_log_level(LogLevel::info); }
  void refuse_records(int count) {
    server_.store().fail_reads_of_records(count, Error(GetParam(), "cannot be read"));
  }
};
INSTANTIATE_TEST_SUITE_P(errors, unreadable_sleepers,
                         ::testing::Values(ErrorCode::failed, ErrorCode::corrupt));

TEST_P(unreadable_sleepers, are_woken_later_and_nothing_else_waits) {
  const std::string arn = start();
  refuse_records(3);
  server_.pass(seconds(60));
  EXPECT_TRUE(server_.engine().is_running());
  EXPECT_TRUE(server_.create_machine("other", two_waits).has_value());
  for (const int wait : {10, 20, 40}) {
    EXPECT_EQ(server_.engine().next_timer().value() - server_.clock.now(), seconds(wait));
    server_.pass(seconds(wait));
  }
  EXPECT_EQ(server_.activities(arn).value().at(0).activity.state, "Second");
  server_.pass(seconds(60));
  EXPECT_EQ(status(arn), "SUCCEEDED");
}

TEST_P(unreadable_sleepers, are_told_once_a_minute_with_the_number_of_lines_left_out) {
  for (int number = 0; number < 5; ++number) start();
  set_log_level(LogLevel::error);
  const auto lines_of = [&](Duration passing) {
    ::testing::internal::CaptureStderr();
    server_.pass(passing);
    std::vector<std::string> lines;
    const std::string logged = ::testing::internal::GetCapturedStderr();
    for (const auto line : split(logged, '\n'))
      if (!line.empty()) lines.emplace_back(line);
    return lines;
  };
  refuse_records(1000);
  EXPECT_THAT(lines_of(seconds(60)), ElementsAre(HasSubstr("left_out=0")));
  // Tried again after 10, 30 and 70 s.
  EXPECT_THAT(lines_of(seconds(10)), IsEmpty());
  EXPECT_THAT(lines_of(seconds(20)), IsEmpty());
  EXPECT_THAT(lines_of(seconds(40)), ElementsAre(HasSubstr("left_out=14")));
}

// "It has ended" would be an answer to a question that could not be asked.
TEST_P(unreadable_sleepers, are_not_told_to_have_ended) {
  const std::string arn = start();
  refuse_records(2);
  EXPECT_EQ(server_.stop(arn).error().code(), GetParam());
  EXPECT_EQ(server_.activities(arn).error().code(), GetParam());
  EXPECT_TRUE(server_.engine().is_running());
  EXPECT_TRUE(server_.stop(arn).has_value());
  EXPECT_EQ(status(arn), "ABORTED");
}

}  // namespace
}  // namespace pawl::engine
