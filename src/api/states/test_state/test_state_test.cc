#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "api/states/actions.h"
#include "api/states/shapes.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "sim/server.h"

namespace pawl::api::states {
namespace {

using json::Value;
using ::testing::HasSubstr;

constexpr const char* role = "arn:aws:iam::000000000000:role/tester";

Value parsed(std::string_view text) { return json::parse(text).value(); }

class test_state : public ::testing::Test {
 protected:
  // The members of the request as JSON; what the service wants as text is written as it reads.
  Result<Value> ask(std::string_view request) {
    Value input = parsed(request);
    for (const char* name : {"definition", "input", "variables", "context"})
      if (const Value* found = input.find(name); found && !found->is_string())
        input = input.with(name, json::write(*found));
    if (const Value result = input["mock"]["result"]; !result.is_null() && !result.is_string())
      input = input.with("mock", input["mock"].with("result", json::write(result)));
    TRY(check_shape(input, shape_of("TestState")));
    std::promise<Result<Value>> promise;
    states::test_state(rooms(), input,
                       [&promise](Result<Value> answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
  // status, then nextState, output, error and cause, where they are there.
  std::string outcome(std::string_view request) {
    const auto answer = ask(request);
    if (!answer) return answer.error().message();
    std::string line = text_of(*answer, "status");
    for (const char* name : {"nextState", "output", "error", "cause"})
      if (answer->find(name)) line += " " + text_of(*answer, name);
    return line;
  }
  // The inspection data, texts that are JSON as what they say.
  std::string inspected(std::string_view request) {
    const auto answer = ask(request);
    if (!answer) return answer.error().message();
    if (!answer->find("inspectionData")) return "none";
    std::map<std::string, std::string> rows;
    const Value data = (*answer)["inspectionData"];
    for (const auto& [name, value] : data.members())
      rows[name] = value.is_string() ? std::string(value.string()) : json::write(value);
    std::string text;
    for (const auto& [name, value] : rows) text += concat(name, " ", value, "\n");
    return text;
  }
  static std::string text_of(const Value& answer, std::string_view name) {
    return answer.string_at(name).value_or("");
  }

  sim::Server server_;
  functions::Registry registry_;
  functions::Runtime functions_{registry_, {}, server_.clock};
  Rooms rooms() { return {server_.engine(), functions_, services_, jobs_, random_, schedules_}; }

  integrations::Services services_{{}, functions_, server_.clock};
  batch::JobLoop jobs_{{}, server_.engine(), server_.store(), server_.clock};
  sim::SimRandom random_{1};
  schedules::Scheduler schedules_{server_.engine(), server_.store(), server_.clock};
};

TEST_F(test_state, gives_the_output_and_where_it_goes_next) {
  EXPECT_EQ(outcome(R"({"definition": {"Type": "Pass", "Result": {"a": 1}, "Next": "B"}})"),
            R"(SUCCEEDED B {"a":1})");
  EXPECT_EQ(outcome(R"({"definition": {"Type": "Wait", "Seconds": 7200, "End": true},
                        "input": {"kept": true}})"),
            R"(SUCCEEDED {"kept":true})");
  EXPECT_EQ(outcome(R"({"definition": {"Type": "Fail", "Error": "E", "Cause": "why"}})"),
            "FAILED E why");
  EXPECT_EQ(outcome(R"({"definition": {"Type": "Choice", "Default": "Small", "Choices": [
                          {"Variable": "$.n", "NumericGreaterThan": 5, "Next": "Large"}]},
                        "input": {"n": 9}})"),
            R"(SUCCEEDED Large {"n":9})");
}

TEST_F(test_state, shows_every_step_between_input_and_output_from_level_debug_on) {
  const std::string state = R"("definition": {"Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage", "InputPath": "$.in",
      "Parameters": {"QueueUrl": "u", "MessageBody.$": "$.text"},
      "ResultSelector": {"id.$": "$.MessageId"}, "ResultPath": "$.sent", "OutputPath": "$.sent",
      "End": true}, "input": {"in": {"text": "hi"}}, "mock": {"result": {"MessageId": "m1"}})";
  EXPECT_EQ(inspected("{" + state + R"(, "inspectionLevel": "DEBUG"})"),
            R"(afterInputPath {"text":"hi"}
afterParameters {"QueueUrl":"u","MessageBody":"hi"}
afterResultPath {"in":{"text":"hi"},"sent":{"id":"m1"}}
afterResultSelector {"id":"m1"}
input {"in":{"text":"hi"}}
result {"MessageId":"m1"}
)");
  EXPECT_EQ(inspected("{" + state + "}"), "none");
  EXPECT_EQ(outcome("{" + state + "}"), R"(SUCCEEDED {"id":"m1"})");
}

TEST_F(test_state, shows_variables_as_they_are_afterwards) {
  EXPECT_EQ(inspected(R"({"definition": {"Type": "Pass", "QueryLanguage": "JSONata",
                            "Assign": {"total": "{% $n + 1 %}"}, "End": true},
                          "variables": {"n": 2}, "inspectionLevel": "TRACE"})"),
            "input {}\nvariables {\"n\":2,\"total\":3}\n");
}

TEST_F(test_state, takes_any_state_of_a_machine_by_name) {
  const std::string machine = R"({"definition": {"StartAt": "Each", "States": {"Each": {
      "Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Inner", "States": {
        "Inner": {"Type": "Pass", "Next": "Last"}, "Last": {"Type": "Succeed"}}}}}},)";
  EXPECT_EQ(outcome(machine + R"("stateName": "Inner"})"), "SUCCEEDED Last {}");
  EXPECT_EQ(outcome(machine + R"("stateName": "Nobody"})"),
            "ValidationException: State not found in definition");
}

TEST_F(test_state, says_in_the_definition_what_is_wrong_with_it) {
  EXPECT_THAT(outcome(R"({"definition": {"Type": "Pass", "End": "yes"}})"),
              HasSubstr("/States/StateName/End"));
  EXPECT_THAT(outcome(R"({"definition": "{"})"), HasSubstr("InvalidDefinition"));
}

TEST_F(test_state, retries_as_often_as_the_retrier_allows_and_then_catches) {
  const auto tried = [](int retries, std::string_view more) {
    return concat(R"({"definition": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
        "End": true, "Retry": [{"ErrorEquals": ["Other"]}, {"ErrorEquals": ["Busy"],
        "IntervalSeconds": 3, "MaxAttempts": 4}])",
                  more, R"(}, "inspectionLevel": "DEBUG",
        "mock": {"errorOutput": {"error": "Busy", "cause": "later"}},
        "stateConfiguration": {"retrierRetryCount": )",
                  retries, "}}");
  };
  EXPECT_EQ(outcome(tried(2, "")), "RETRIABLE Busy later");
  EXPECT_THAT(inspected(tried(2, "")),
              HasSubstr(R"({"retryBackoffIntervalSeconds":12,"retryIndex":1})"));
  EXPECT_EQ(outcome(tried(4, "")), "FAILED Busy later");

  const auto* caught = R"(, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Mend"}])";
  EXPECT_EQ(outcome(tried(4, caught)),
            R"(CAUGHT_ERROR Mend {"Error":"Busy","Cause":"later"} Busy later)");
  EXPECT_THAT(inspected(tried(4, caught)), HasSubstr(R"(errorDetails {"catchIndex":0)"));
}

constexpr const char* map = R"("definition": {"Type": "Map", "ItemsPath": "$.list", "End": true,
    "ItemSelector": {"n.$": "$$.Map.Item.Value"}, "MaxConcurrency": 3,
    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
      "StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}},
    "ToleratedFailurePercentage": 50}, "input": {"list": [4, 5, 6]})";

TEST_F(test_state, shows_what_the_iterations_of_a_map_would_get) {
  EXPECT_EQ(inspected(concat("{", map, R"(, "mock": {"result": []}, "inspectionLevel": "DEBUG"})")),
            R"(afterInputPath {"list":[4,5,6]}
afterItemSelector [{"n":4},{"n":5},{"n":6}]
afterItemsPath [4,5,6]
afterResultPath []
afterResultSelector []
input {"list":[4,5,6]}
maxConcurrency 3
toleratedFailurePercentage 50.0
)");
}

TEST_F(test_state, fails_a_map_when_more_iterations_failed_than_it_tolerates) {
  const auto tried = [](int failures) {
    return concat("{", map, R"(, "mock": {"result": [1]}, "stateConfiguration":
        {"mapIterationFailureCount": )",
                  failures, "}}");
  };
  EXPECT_EQ(outcome(tried(1)), "SUCCEEDED [1]");
  EXPECT_THAT(outcome(tried(2)), HasSubstr("States.ExceedToleratedFailureThreshold"));
  EXPECT_THAT(outcome(tried(4)), HasSubstr("less than or equal to the number of Map iterations"));
}

TEST_F(test_state, fails_with_an_error_of_a_state_within_and_knows_its_name) {
  const auto tried = [](std::string_view origin) {
    return concat("{", map, R"(, "mock": {"errorOutput": {"error": "E"}}, "stateConfiguration":
        {"errorCausedByState": ")",
                  origin, "\"}}");
  };
  EXPECT_EQ(outcome(tried("One")), "FAILED E");
  EXPECT_THAT(outcome(tried("Two")), HasSubstr("'Two' of errorCausedByState is not in"));
}

TEST_F(test_state, wants_mocks_where_they_belong_and_nowhere_else) {
  const auto mocked = [this](std::string_view state, std::string_view mock) {
    return outcome(concat(R"({"definition": )", state, R"(, "mock": )", mock, "}"));
  };
  constexpr auto* task = R"({"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
      "End": true})";
  EXPECT_EQ(mocked(R"({"Type": "Succeed"})", R"({"result": "{}"})"),
            "ValidationException: State type 'Succeed' is not supported when a mock is specified");
  EXPECT_EQ(mocked(task, R"({"result": "{"})"),
            "ValidationException: Mocked result must be valid JSON");
  EXPECT_THAT(mocked(task, R"({"result": "{}", "errorOutput": {}})"), HasSubstr("only one of"));
  EXPECT_THAT(mocked(task, "{}"), HasSubstr("only one of"));
  EXPECT_THAT(outcome(concat("{", map, "}")), HasSubstr("does not support Map or Parallel"));
}

TEST_F(test_state, runs_a_function_and_names_the_mock_that_other_tasks_need) {
  functions::Function twice;
  twice.name = "double";
  twice.body = [](functions::Call& call) -> asl::Outcome<Value> {
    return Value(call.event["n"].integer() * 2);
  };
  registry_.add(std::move(twice));
  const auto task = [](std::string_view resource, std::string_view more) {
    return concat(R"({"definition": {"Type": "Task", "End": true, "Resource": ")", resource,
                  R"("}, "input": {"n": 21})", more, "}");
  };
  const std::string given_role = concat(R"(, "roleArn": ")", role, "\"");
  constexpr auto* function = "arn:aws:lambda:us-east-1:000000000000:function:double";
  EXPECT_EQ(outcome(task(function, given_role)), "SUCCEEDED 42");
  EXPECT_EQ(outcome(task(function, "")),
            "ValidationException: RoleArn must be specified when testing a Task state");
  EXPECT_THAT(outcome(task("arn:aws:states:::glue:startJobRun", given_role)),
              HasSubstr("specify a mock"));
  EXPECT_THAT(outcome(task("arn:aws:states:::sns:publish", given_role)),
              HasSubstr("Set endpoints.sns in the configuration"));
  EXPECT_THAT(outcome(task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", given_role)),
              HasSubstr("only when a mock is specified"));
}

TEST_F(test_state, gives_the_context_object_that_was_given) {
  const auto tried = [](std::string_view context) {
    return concat(R"({"definition": {"Type": "Pass", "End": true,
        "Parameters": {"all.$": "$$"}}, "context": )",
                  context, "}");
  };
  EXPECT_EQ(outcome(tried(R"({"Task": {"Token": "t"}})")),
            R"(SUCCEEDED {"all":{"Task":{"Token":"t"}}})");
  EXPECT_EQ(
      outcome(tried(R"({"Map": {"Item": {"Index": "0"}}})")),
      "ValidationException: Invalid Context object provided: Map.Item.Index must be a number");
  EXPECT_EQ(outcome(tried(R"({"Map": {"Items": []}})")),
            "ValidationException: Invalid Context object provided: "
            "Field 'Map.Items' is not allowed");
}

class mocked_response : public test_state {
 protected:
  std::string response(std::string_view resource, std::string_view result,
                       std::string_view mode = "STRICT") {
    return outcome(concat(R"({"definition": {"Type": "Task", "End": true, "Resource": ")", resource,
                          R"("}, "mock": {"result": )", result, R"(, "fieldValidationMode": ")",
                          mode, "\"}}"));
  }
};

TEST_F(mocked_response, has_what_the_service_always_answers_unless_only_presence_is_checked) {
  constexpr auto* describe = "arn:aws:states:::aws-sdk:sfn:describeActivity";
  EXPECT_THAT(response(describe, R"({"ActivityArn": "a"})"),
              HasSubstr("Required field 'Name' is missing"));
  EXPECT_EQ(response(describe, R"({"ActivityArn":"a"})", "PRESENT"),
            R"(SUCCEEDED {"ActivityArn":"a"})");
  EXPECT_THAT(response(describe, R"({"ActivityArn": []})", "PRESENT"),
              HasSubstr("Field 'ActivityArn' must be a string"));
  EXPECT_EQ(response(describe, R"([1])", "NONE"), "SUCCEEDED [1]");
}

TEST_F(mocked_response, is_checked_down_to_elements_words_and_bounds) {
  EXPECT_THAT(response("arn:aws:states:::aws-sdk:kms:describeKey",
                       R"({"KeyMetadata": {"KeyId": "k", "KeyState": "Lost"}})"),
              HasSubstr("Field 'KeyState' is not an expected value"));
  EXPECT_THAT(response("arn:aws:states:::dynamodb:getItem", R"({"Item": {"size": {"N": 1}}})"),
              HasSubstr("Field 'N' must be a string"));
  EXPECT_THAT(response("arn:aws:states:::aws-sdk:sqs:receiveMessage", R"({"Messages": [{}, 1]})"),
              HasSubstr("Field 'Messages' must be an object"));
  EXPECT_THAT(response("arn:aws:states:::aws-sdk:lambda:getFunction",
                       R"({"Configuration": {"MemorySize": 64}})"),
              HasSubstr("Field 'MemorySize' is less than the minimum value"));
}

TEST_F(mocked_response, of_functions_tokens_and_unknown_services_is_anything) {
  EXPECT_EQ(response("arn:aws:states:::lambda:invoke", R"({"Payload":[1],"More":2})"),
            R"(SUCCEEDED {"Payload":[1],"More":2})");
  EXPECT_EQ(response("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "7"), "SUCCEEDED 7");
  EXPECT_EQ(response("arn:aws:states:::aws-sdk:nowhere:act", "7"), "SUCCEEDED 7");
}

}  // namespace
}  // namespace pawl::api::states
