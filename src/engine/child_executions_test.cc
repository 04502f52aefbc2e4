#include "engine/child_executions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "json/parse.h"
#include "sim/server.h"

namespace pawl::engine {
namespace {

std::string parent_of(const std::string& form, const std::string& more = "") {
  return concat(R"({"StartAt": "C", "States": {"C": {"Type": "Task", "Resource":
    "arn:aws:states:::states:startExecution)",
                form, R"(", "Parameters": {"StateMachineArn": ")",
                sim::Server::machine_arn("child"), R"(", "Input.$": "$")", more,
                R"(}, "End": true}}})");
}

constexpr const char* task = R"({"StartAt": "T", "States": {"T": {"Type": "Task",
    "Resource": "arn:aws:lambda:us-east-1:0:function:f", "End": true}}})";

class child_execution : public ::testing::Test {
 protected:
  child_execution() { server_.create_machine("child", task).value(); }

  std::string start_parent(const std::string& definition) {
    server_.create_machine("parent", definition).value();
    const auto started = server_.start("parent", json::Value::object({{"a", 1}}), "p").value();
    server_.settle();
    return started.execution_arn;
  }
  store::Execution child() {
    for (const auto& [id, row] : server_.disk.executions) {
      if (!row.started_by.empty()) return row;
    }
    return {};
  }
  void end_child(json::Value output) {
    server_.runner.succeed(server_.runner.running().begin()->first, std::move(output));
    server_.settle();
  }

  sim::Server server_;
};

TEST_F(child_execution, answers_at_once_when_it_is_only_requested) {
  const std::string parent = start_parent(parent_of(""));
  const store::Execution closed = server_.execution(parent);
  EXPECT_EQ(closed.status, "SUCCEEDED");
  const json::Value output = json::parse(closed.output).value();
  EXPECT_EQ(output.string_at("ExecutionArn"), child().arn);
  EXPECT_TRUE(output.integer_at("StartDate").has_value());
  EXPECT_EQ(child().status, "RUNNING");
  EXPECT_EQ(child().input, R"({"a":1})");
}

TEST_F(child_execution, answers_with_its_output_as_text_for_sync) {
  const std::string parent = start_parent(parent_of(".sync", R"(, "Name": "mine")"));
  EXPECT_EQ(server_.execution(parent).status, "RUNNING");
  EXPECT_EQ(child().name, "mine");
  end_child(json::Value::object({{"b", 2}}));
  const json::Value output = json::parse(server_.execution(parent).output).value();
  EXPECT_EQ(output.string_at("Status"), "SUCCEEDED");
  EXPECT_EQ(output.string_at("Name"), "mine");
  EXPECT_EQ(output.string_at("Output"), R"({"b":2})");
  EXPECT_EQ(output.string_at("Input"), R"({"a":1})");
  EXPECT_EQ(output["OutputDetails"].boolean_at("Included"), true);
  EXPECT_EQ(output.string_at("RedriveStatus"), "NOT_REDRIVABLE");
  EXPECT_EQ(output.string_at("StateMachineArn"), sim::Server::machine_arn("child"));
}

TEST_F(child_execution, answers_with_its_output_as_a_value_for_sync_2) {
  const std::string parent = start_parent(parent_of(".sync:2"));
  end_child(json::Value::object({{"b", 2}}));
  const json::Value output = json::parse(server_.execution(parent).output).value();
  EXPECT_EQ(output["Output"].integer_at("b"), 2);
  EXPECT_EQ(output["Input"].integer_at("a"), 1);
}

TEST_F(child_execution, that_fails_fails_the_task_and_is_described_in_the_cause) {
  const std::string parent = start_parent(parent_of(".sync"));
  server_.runner.fail(server_.runner.running().begin()->first, "Odd", "the reason");
  server_.settle();
  const store::Execution closed = server_.execution(parent);
  EXPECT_EQ(closed.status, "FAILED");
  EXPECT_EQ(closed.error, "States.TaskFailed");
  const json::Value cause = json::parse(closed.cause).value();
  EXPECT_EQ(cause.string_at("Status"), "FAILED");
  EXPECT_EQ(cause.string_at("Error"), "Odd");
  EXPECT_EQ(cause.string_at("Cause"), "the reason");
  EXPECT_EQ(cause.find("Output"), nullptr);
}

TEST_F(child_execution, of_a_machine_that_is_not_there_fails_the_task) {
  server_
      .call<void>([&](auto reply) {
        server_.engine().delete_machine(sim::Server::machine_arn("child"), reply);
      })
      .value();
  const store::Execution closed = server_.execution(start_parent(parent_of(".sync")));
  EXPECT_EQ(closed.error, "StepFunctions.StateMachineDoesNotExistException");
}

TEST_F(child_execution, is_stopped_with_its_parent_in_one_commit) {
  const std::string parent = start_parent(parent_of(".sync"));
  server_.stop(parent).value();
  server_.crash();
  EXPECT_EQ(server_.execution(parent).status, "ABORTED");
  EXPECT_EQ(child().status, "ABORTED");
  EXPECT_TRUE(server_.runner.running().empty());
}

TEST_F(child_execution, is_stopped_where_its_task_ends_before_it_is_found_again) {
  const std::string parent = start_parent(parent_of(".sync"));
  server_.crash();
  server_.stop(parent).value();
  EXPECT_EQ(child().status, "ABORTED");
}

TEST_F(child_execution, is_found_again_after_a_crash_and_answers) {
  const std::string parent = start_parent(parent_of(".sync"));
  const std::string arn = child().arn;
  server_.crash();
  server_.settle();
  EXPECT_EQ(server_.activities(parent).value().at(0).child_execution_arn, arn);
  end_child(json::Value(1));
  EXPECT_EQ(server_.execution(parent).status, "SUCCEEDED");
  EXPECT_EQ(server_.disk.executions.size(), 2u);
}

TEST_F(child_execution, is_submitted_once_however_often_it_is_found_again) {
  const std::string parent = start_parent(parent_of(".sync"));
  for (int restart = 0; restart < 3; ++restart) {
    server_.crash();
    server_.settle();
  }
  const auto history = server_.engine().history(parent).value();
  EXPECT_EQ(std::ranges::count(history, "TaskSubmitted", &execution::HistoryEvent::type), 1);
}

// A server that dies between two turns may have closed the child and not yet told the parent. Here
// the parent's answer is kept from the disk by hand.
TEST_F(child_execution, that_closed_while_nobody_listened_answers_after_recovery) {
  const std::string parent = start_parent(parent_of(".sync", R"(, "Name": "mine")"));
  const store::Execution known = server_.execution(parent);
  const auto records = server_.disk.records.at(known.id);
  end_child(json::Value(1));
  server_.disk.executions.at(known.id) = known;
  server_.disk.records.at(known.id) = records;
  server_.crash();
  server_.settle();
  EXPECT_EQ(server_.execution(parent).status, "SUCCEEDED");
}

TEST_F(child_execution, that_a_client_started_is_joined_and_outlives_the_parent) {
  const auto input = json::Value::object({{"a", 1}});
  const std::string arn = server_.start("child", input, "mine").value().execution_arn;
  const std::string parent = start_parent(parent_of(".sync", R"(, "Name": "mine")"));
  EXPECT_EQ(server_.execution(parent).status, "RUNNING");
  server_.stop(parent).value();
  server_.settle();
  EXPECT_EQ(server_.execution(arn).status, "RUNNING");
}

TEST(child_form, is_told_by_the_resource) {
  EXPECT_EQ(child_form("arn:aws:states:::states:startExecution"), ChildForm::request);
  EXPECT_EQ(child_form("arn:aws:states:::states:startExecution.sync"), ChildForm::sync);
  EXPECT_EQ(child_form("arn:aws-cn:states:::states:startExecution.sync:2"), ChildForm::sync2);
  EXPECT_EQ(child_form("arn:aws:states:::states:startExecution.waitForTaskToken"), std::nullopt);
  EXPECT_EQ(child_form("arn:aws:lambda:us-east-1:0:function:f"), std::nullopt);
}

TEST(child_request, takes_input_as_text_or_value_or_not_at_all) {
  const auto request = [](json::Value parameters) {
    return child_request("id", parameters.with("StateMachineArn", "arn"));
  };
  EXPECT_EQ(request(json::Value::object()).value().input, json::Value::object());
  EXPECT_EQ(request(json::Value::object({{"Input", nullptr}})).value().input,
            json::Value::object());
  EXPECT_EQ(request(json::Value::object({{"Input", "{\"a\": 1}"}})).value().input_text,
            "{\"a\": 1}");
  EXPECT_EQ(request(json::Value::object({{"Input", "no json"}})).error().error,
            "StepFunctions.InvalidExecutionInputException");
  EXPECT_EQ(request(json::Value::object()).value().name, "id");
  EXPECT_FALSE(child_request("id", json::Value::object()).has_value());
}

}  // namespace
}  // namespace pawl::engine
