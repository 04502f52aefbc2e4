#include "execution/trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "execution/rehearsal.h"

namespace pawl::execution {
namespace {

using json::Value;
using Status = Verdict::Status;
using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

constexpr const char* machine = R"({"StartAt": "Both", "States": {
    "Both": {"Type": "Parallel", "Next": "Work", "ResultPath": "$.both", "Branches": [
      {"StartAt": "Left", "States": {"Left": {"Type": "Pass", "End": true}}}]},
    "Work": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:work",
      "Parameters": {"name.$": "$$.State.Name", "role.$": "$$.Execution.RoleArn"}, "End": true,
      "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 2}]}}})";

class trial : public ::testing::Test {
 protected:
  Trial of(std::string_view name, int64_t retries = 0) {
    const auto& states = machine_->states;
    Identity identity = identity_of(Value::object());
    identity.role_arn = "";
    return Trial({.machine = *machine_,
                  .states = states,
                  .state = states.at(name),
                  .identity = identity,
                  .input = Value::object({{"n", 1}}),
                  .retries = retries},
                 {identity.started, 7});
  }

  const std::unique_ptr<const asl::Machine> machine_ = machine_of(machine);
};

TEST_F(trial, waits_for_the_answer_of_branches_that_never_run) {
  Trial both = of("Both");
  both.enter();
  EXPECT_FALSE(both.verdict().shown.contains("nextState"));
  both.answer(Value::array({5}));
  const Verdict verdict = both.verdict();
  EXPECT_EQ(verdict.status, Status::succeeded);
  EXPECT_EQ(verdict.next, "Work");
  EXPECT_EQ(json::write(verdict.output), R"({"n":1,"both":[5]})");
  EXPECT_THAT(verdict.shown, Contains(Pair("afterResultSelector", Value::array({5}))));
  EXPECT_THAT(verdict.shown, Not(Contains(Key("afterInputPath"))));
}

TEST_F(trial, has_a_context_object_of_no_execution) {
  Trial work = of("Work");
  work.enter();
  ASSERT_NE(work.task_input(), nullptr);
  EXPECT_EQ(json::write(*work.task_input()), R"({"name":"StateName","role":null})");
}

TEST_F(trial, knows_how_often_was_retried_already) {
  const asl::Outcome<Value> busy = asl::Failure{"Busy", "later"};
  Trial first = of("Work", 1), last = of("Work", 2);
  first.enter(), last.enter();
  first.answer(busy), last.answer(busy);
  EXPECT_EQ(first.verdict().status, Status::retriable);
  EXPECT_THAT(first.verdict().shown, Contains(Pair("retryBackoffIntervalSeconds", Value(2))));
  EXPECT_EQ(last.verdict().status, Status::failed);
  EXPECT_EQ(last.verdict().error, "Busy");
}

TEST_F(trial, ignores_an_answer_that_nothing_waits_for) {
  Trial work = of("Work");
  work.enter();
  work.answer(Value(1));
  work.answer(Value(2));
  EXPECT_EQ(work.verdict().output, Value(1));
}

}  // namespace
}  // namespace pawl::execution
