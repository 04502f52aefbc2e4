#include "execution/execution.h"

#include "execution/rehearsal.h"

namespace pawl::execution {
namespace {

constexpr const char* one_task = R"({"StartAt": "T", "States": {"T": {"Type": "Task",
  "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "TimeoutSeconds": 5,
  "End": true}}})";

TEST(execution, waits_for_its_beginning) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, {});
  EXPECT_TRUE(rehearsal.decide(Stop{}).empty());
  EXPECT_TRUE(rehearsal.records().empty());
  EXPECT_TRUE(rehearsal.execution().pending().empty());
}

TEST(execution, ignores_a_second_beginning) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, {});
  rehearsal.decide(Begin{});
  EXPECT_TRUE(rehearsal.decide(Begin{}).empty());
  EXPECT_EQ(rehearsal.records().size(), 1u);
}

TEST(execution, ignores_what_comes_late) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, {});
  rehearsal.decide(Begin{});
  rehearsal.decide(TaskSucceeded{1, "done"});
  const size_t records = rehearsal.records().size();
  for (const Command& late :
       {Command(TaskSucceeded{1, "again"}), Command(TaskFailed{1, "E", ""}), Command(TimerDue{2}),
        Command(Stop{}), Command(TaskHeartbeat{1}), Command(TaskSubmitted{1, {}})})
    EXPECT_TRUE(rehearsal.decide(late).empty());
  EXPECT_EQ(rehearsal.records().size(), records);
  EXPECT_EQ(rehearsal.execution().status(), Status::succeeded);
}

TEST(execution, takes_a_timer_for_no_task_and_a_task_for_no_timer) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, {});
  rehearsal.decide(Begin{});
  EXPECT_TRUE(rehearsal.decide(TaskSucceeded{2, "the id of the timer"}).empty());
  EXPECT_EQ(rehearsal.records().size(), 1u);
}

TEST(execution, asks_for_open_work_again_under_the_same_ids) {
  const auto machine = machine_of(one_task);
  Rehearsal rehearsal(*machine, json::Value::object({{"x", 1}}));
  const auto asked = rehearsal.decide(Begin{});
  const auto again = rehearsal.execution().pending();
  ASSERT_EQ(again.size(), asked.size());
  for (size_t i = 0; i < asked.size(); ++i)
    EXPECT_EQ(text(rehearsal.identity(), again[i]), text(rehearsal.identity(), asked[i]));
}

TEST(execution, takes_a_breath_in_a_loop_that_never_waits) {
  const auto machine = machine_of(R"({"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Next": "B"},
    "B": {"Type": "Choice", "Default": "A",
      "Choices": [{"Variable": "$.stop", "IsPresent": true, "Next": "End"}]},
    "End": {"Type": "Succeed"}}})");
  Rehearsal rehearsal(*machine, json::Value::object({{"kept", "as it is"}}));
  const auto effects = rehearsal.decide(Begin{});
  ASSERT_EQ(effects.size(), 1u);
  const auto* timer = std::get_if<SetTimer>(&effects[0]);
  ASSERT_NE(timer, nullptr);
  EXPECT_EQ(timer->due, rehearsal.now());
  EXPECT_EQ(rehearsal.decide(TimerDue{timer->id}).size(), 1u);
  EXPECT_EQ(rehearsal.execution().status(), Status::running);
  rehearsal.decide(Stop{"Enough", ""});
  EXPECT_EQ(rehearsal.execution().status(), Status::aborted);
}

TEST(execution, says_what_it_is_doing) {
  const auto machine = machine_of(R"({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
    "ItemProcessor": {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 7,
    "End": true}}}}}})");
  Rehearsal rehearsal(*machine, json::Value::array({"a", "b"}));
  rehearsal.decide(Begin{});
  const auto activities = rehearsal.execution().activities();
  ASSERT_EQ(activities.size(), 2u);
  EXPECT_EQ(activities[1].state, "W");
  EXPECT_EQ(activities[1].type, "Wait");
  EXPECT_EQ(activities[1].iteration, std::vector<int64_t>{1});
  EXPECT_EQ(activities[1].due, rehearsal.now() + seconds(7));
}

}  // namespace
}  // namespace pawl::execution
