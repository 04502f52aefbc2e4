#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "base/text.h"
#include "integrations/json_services.h"
#include "integrations/lambda.h"
#include "integrations/services.h"
#include "integrations/topic.h"
#include "json/parse.h"
#include "json/write.h"
#include "world/os_clock.h"

namespace pawl::integrations {
namespace {

using json::Value;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string endpoint = "http://127.0.0.1:4566";
constexpr std::string_view execution = "arn:aws:states:eu-west-1:111122223333:execution:m:e";

engine::TaskRequest task_of(std::string_view resource, std::string_view input) {
  return {.id = "task-1",
          .execution_arn = std::string(execution),
          .execution_name = "e",
          .state = "S",
          .resource = std::string(resource),
          .input = json::parse(input).value()};
}

asl::Outcome<Call> called(const engine::TaskRequest& task) {
  if (calls_function(task.resource)) return invoke({task, "invoke", endpoint});
  const Resource resource = parse_resource(task.resource).value();
  const Order order{task, resource.action, endpoint};
  const JsonService* service = json_service(resource);
  return service ? json_call(*service, resource, order) : publish(order);
}

asl::Outcome<Call> called(std::string_view resource, std::string_view input) {
  return called(task_of(resource, input));
}

std::string body_of(std::string_view resource, std::string_view input) {
  return called(resource, input).value().request.body;
}

// What the task comes to when the service answers so: its output, or "Error: cause".
std::string outcome(std::string_view resource, const http::Response& response) {
  const std::string_view input = calls_function(resource) ? R"({"FunctionName": "f"})"
                                 : resource.ends_with("publish")
                                     ? R"({"TopicArn": "t", "Message": "m"})"
                                     : R"({"QueueUrl": "q", "MessageBody": "m"})";
  const auto outcome = called(resource, input).value().read(response);
  if (!outcome) return concat(outcome.error().error, ": ", outcome.error().cause);
  return json::write(outcome->is_object() && outcome->find("SdkHttpMetadata") != nullptr
                         ? outcome->without("SdkHttpMetadata").without("SdkResponseMetadata")
                         : *outcome);
}

constexpr std::string_view invoke_resource = "arn:aws:states:::lambda:invoke";
constexpr std::string_view function = "arn:aws:lambda:eu-west-1:111122223333:function:f";
constexpr std::string_view send = "arn:aws:states:::sqs:sendMessage";
constexpr std::string_view topic = "arn:aws:states:::sns:publish";

TEST(lambda, is_called_with_the_input_or_the_payload) {
  EXPECT_EQ(body_of(function, R"({"a": 1})"), R"({"a":1})");
  EXPECT_EQ(body_of(invoke_resource, R"({"FunctionName": "f", "Payload": {"a": 1}})"),
            R"({"a":1})");
  // A text is the JSON itself; nothing is an empty object.
  EXPECT_EQ(body_of(invoke_resource, R"({"FunctionName": "f", "Payload": "[1]"})"), "[1]");
  EXPECT_EQ(body_of(invoke_resource, R"({"FunctionName": "f", "Payload": null})"), "{}");
  EXPECT_EQ(body_of(invoke_resource, R"({"FunctionName": "f"})"), "{}");
}

TEST(lambda, is_called_by_the_name_that_the_caller_means) {
  const auto url = [](std::string_view name) {
    const auto call = called(invoke_resource, concat(R"({"FunctionName": ")", name, R"("})"));
    return call.value().request.url.substr(endpoint.size() + strlen("/2015-03-31/functions/"));
  };
  EXPECT_EQ(url("f"), "f/invocations");
  EXPECT_EQ(url(function), "f/invocations");
  EXPECT_EQ(url("f:7"), "f/invocations?Qualifier=7");
  EXPECT_EQ(url("arn:aws:lambda:eu-west-1:444455556666:function:f"),
            "arn%3Aaws%3Alambda%3Aeu-west-1%3A444455556666%3Afunction%3Af/invocations");
}

TEST(lambda, parameters_go_into_headers_or_are_refused) {
  const auto call = called(
      invoke_resource, R"({"FunctionName": "f", "InvocationType": "Event", "LogType": "Tail"})");
  std::vector<std::string> names;
  for (const auto& header : call.value().request.headers)
    names.push_back(concat(header.name, "=", header.value));
  EXPECT_THAT(names, ElementsAre("Content-Type=application/json", "X-Amz-Invocation-Type=Event",
                                 "X-Amz-Log-Type=Tail"));
  EXPECT_THAT(called(invoke_resource, R"({"FunctionName": "f", "Tenant": "x"})").error().cause,
              HasSubstr("The parameter Tenant of lambda:invoke"));
  EXPECT_FALSE(called(invoke_resource, "{}"));
}

TEST(lambda, answers_become_outputs) {
  const http::Response answer{200, {{"X-Amz-Executed-Version", "$LATEST"}}, R"({"b":2})"};
  EXPECT_EQ(outcome(function, answer), R"({"b":2})");
  EXPECT_EQ(outcome(invoke_resource, answer),
            R"({"ExecutedVersion":"$LATEST","Payload":{"b":2},"StatusCode":200})");
  EXPECT_EQ(outcome(function, {200, {}, "no json"}), R"("no json")");
}

TEST(lambda, failures_have_the_names_of_the_function_and_of_the_service) {
  const std::vector<http::Header> failed{{"x-amz-function-error", "Unhandled"}};
  EXPECT_EQ(outcome(function, {200, failed, R"({"errorType":"Broken","errorMessage":"x"})"}),
            R"(Broken: {"errorType":"Broken","errorMessage":"x"})");
  EXPECT_THAT(outcome(function, {200, failed, R"({"errorMessage":"Task timed out"})"}),
              StartsWith("Lambda.Unknown: The cause could not be determined because Lambda did "
                         "not return an error type. Returned payload: {"));
  EXPECT_EQ(outcome(function, {404,
                               {{"x-amzn-ErrorType", "ResourceNotFoundException"},
                                {"x-amzn-RequestId", "r-1"}},
                               R"({"Message":"none"})"}),
            concat("Lambda.ResourceNotFoundException: Function not found: ", function,
                   ":$LATEST (Service: AWSLambda; Status Code: 404; Error Code: "
                   "ResourceNotFoundException; Request ID: r-1; Proxy: null)"));
  EXPECT_THAT(outcome(function, {429, {{"x-amzn-ErrorType", "TooManyRequestsException:"}}, "{}"}),
              StartsWith("Lambda.TooManyRequestsException: "));
  EXPECT_THAT(outcome(function, {502, {}, "<html>"}), StartsWith("Lambda.ServiceException: "));
}

TEST(json_services, are_asked_by_their_targets) {
  const auto call =
      called(send, R"({"QueueUrl": "q", "MessageBody": {"a": 1}, "DelaySeconds": null})");
  EXPECT_EQ(call.value().request.body, R"({"QueueUrl":"q","MessageBody":"{\"a\":1}"})");
  EXPECT_EQ(call.value().request.headers[1].value, "AmazonSQS.SendMessage");
  const auto get = called("arn:aws:states:::aws-sdk:dynamodb:query", R"({"TableName": "t"})");
  EXPECT_EQ(get.value().request.headers[1].value, "DynamoDB_20120810.Query");
}

TEST(json_services, a_message_needs_a_body) {
  const auto call = called(send, R"({"QueueUrl": "q", "MessageBody": null})");
  ASSERT_FALSE(call);
  EXPECT_EQ(call.error().error, "SQS.AmazonSQSException");
  EXPECT_THAT(call.error().cause,
              StartsWith("The request must contain the parameter MessageBody. (Service: AmazonSQS; "
                         "Status Code: 400; Error Code: MissingParameter; Request ID: "));
}

TEST(json_services, an_event_says_which_execution_it_is_of) {
  const auto body = body_of("arn:aws:states:::events:putEvents",
                            R"({"Entries": [{"Detail": {"a": 1}, "Resources": ["r"]}]})");
  EXPECT_EQ(body, concat(R"({"Entries":[{"Detail":"{\"a\":1}","Resources":["r",")", execution,
                         R"(","arn:aws:states:eu-west-1:111122223333:stateMachine:m"]}]})"));
}

TEST(json_services, an_event_that_was_refused_fails_the_task) {
  constexpr std::string_view put = "arn:aws:states:::events:putEvents";
  const std::string answer = R"({"Entries":[{"ErrorCode":"x"}],"FailedEntryCount":1})";
  EXPECT_EQ(outcome(put, {200, {}, answer}), concat("EventBridge.FailedEntry: ", answer));
  EXPECT_EQ(outcome("arn:aws:states:::aws-sdk:eventbridge:putEvents", {200, {}, answer}), answer);
}

TEST(json_services, fail_in_the_words_of_two_sdks) {
  const std::string unknown = R"({"__type":"com.amazonaws.x#QueueDoesNotExist","message":"no"})";
  const std::string invalid = R"({"__type":"ValidationException","message":"no"})";
  EXPECT_EQ(outcome(send, {400, {{"x-amzn-RequestId", "r"}}, unknown}),
            "SQS.QueueDoesNotExistException: no (Service: AmazonSQS; Status Code: 400; Error Code: "
            "QueueDoesNotExist; Request ID: r; Proxy: null)");
  constexpr std::string_view by_sdk = "arn:aws:states:::aws-sdk:sqs:sendMessage";
  EXPECT_EQ(outcome(by_sdk, {400, {{"x-amzn-RequestId", "r"}}, unknown}),
            "Sqs.QueueDoesNotExistException: no (Service: Sqs, Status Code: 400, Request ID: r) "
            "(SDK Attempt Count: 1)");
  EXPECT_THAT(outcome(send, {400, {}, invalid}), StartsWith("SQS.AmazonSQSException: "));
  EXPECT_THAT(outcome(by_sdk, {400, {}, invalid}), StartsWith("Sqs.SqsException: "));
}

TEST(json_services, members_of_step_functions_change_their_first_letter) {
  constexpr std::string_view start = "arn:aws:states:::aws-sdk:sfn:startExecution";
  EXPECT_EQ(body_of(start, R"({"StateMachineArn": "a", "Input": null})"),
            R"({"stateMachineArn":"a"})");
  EXPECT_EQ(outcome(start, {200, {}, R"({"executionArn":"e","tags":[{"key":"k"}]})"}),
            R"({"ExecutionArn":"e","Tags":[{"Key":"k"}]})");
}

TEST(topic, is_asked_by_a_form_and_answers_in_xml) {
  EXPECT_EQ(body_of(topic, R"({"TopicArn": "arn:t", "Message": {"a": "b c"}, "MessageAttributes":
                {"k": {"DataType": "String", "StringValue": "v&"}}})"),
            "Action=Publish&Version=2010-03-31&TopicArn=arn%3At&Message=%7B%22a%22%3A%22b%20c%22%7D"
            "&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String"
            "&MessageAttributes.entry.1.Value.StringValue=v%26");
  EXPECT_EQ(outcome(topic, {200, {}, "<P><R><MessageId>m-1</MessageId></R></P>"}),
            R"({"MessageId":"m-1"})");
  EXPECT_EQ(outcome(topic, {400,
                            {},
                            "<E><Code>InvalidParameter</Code><Message>a &lt; b</Message>"
                            "<RequestId>r</RequestId></E>"}),
            "SNS.InvalidParameterException: a < b (Service: AmazonSNS; Status Code: 400; Error "
            "Code: InvalidParameter; Request ID: r; Proxy: null)");
  EXPECT_THAT(called(topic, R"({"Colour": "red"})").error().cause, HasSubstr("parameter Colour"));
}

// Services on a server of the test's own, which answers every request with what it got.
class services : public ::testing::Test, public engine::TaskReports {
 protected:
  services() {
    server_ = http::Server::start({}, [this](http::Request request, http::Responder responder) {
                const std::string asked = concat(request.path, " ", request.body);
                const std::lock_guard lock(mutex_);
                if (is_silent_) return held_.push_back(responder);
                responder({200, {}, json::write(Value(asked))});
              }).value();
    registry_.add({.name = "ours", .description = {}, .body = [](functions::Call&) -> Outcome {
                     return Value(1);
                   }});
    built_in_.report_to(*this);
  }

  std::unique_ptr<Services> make(std::vector<std::string> configured) {
    Settings settings;
    for (const std::string& name : configured)
      settings.endpoints[name] = concat("http://127.0.0.1:", server_->port());
    auto made = std::make_unique<Services>(settings, built_in_, clock_);
    made->report_to(*this);
    return made;
  }
  std::string ended(Services& asked, std::string_view resource, std::string_view input) {
    asked.start(task_of(resource, input));
    return end_.get_future().get();
  }

  void finished(std::string_view, Outcome outcome) override {
    end_.set_value(outcome ? json::write(*outcome)
                           : concat(outcome.error().error, ": ", outcome.error().cause));
  }
  void submitted(std::string_view, Value) override {}
  void progressed(std::string_view, engine::Progress) override {}

  std::mutex mutex_;
  bool is_silent_ = false;
  std::vector<http::Responder> held_;
  std::promise<std::string> end_;
  std::unique_ptr<http::Server> server_;
  world::OsClock clock_;
  functions::Registry registry_;
  functions::Runtime built_in_{registry_, {}, clock_};
};

TEST_F(services, call_what_is_not_built_in) {
  const auto with_lambda = make({"lambda"});
  EXPECT_EQ(ended(*with_lambda, function, "7"), R"("/2015-03-31/functions/f/invocations 7")");
}

TEST_F(services, leave_what_is_built_in_to_its_runtime) {
  const auto with_lambda = make({"lambda"});
  EXPECT_EQ(ended(*with_lambda, "arn:aws:lambda:eu-west-1:111122223333:function:ours", "7"), "1");
}

TEST_F(services, that_have_no_endpoint_are_named) {
  const auto without = make({});
  EXPECT_FALSE(without->accepts(function));
  EXPECT_FALSE(without->accepts("arn:aws:states:::aws-sdk:s3:getObject"));
  ASSERT_TRUE(without->accepts(send));
  EXPECT_THAT(ended(*without, send, R"({"QueueUrl": "q", "MessageBody": "m"})"),
              StartsWith("Pawl.ServiceNotConfigured: The service sqs has no endpoint here. Set "
                         "endpoints.sqs in the configuration"));
}

TEST_F(services, that_do_not_answer_are_failures_of_the_client) {
  const auto with_queues = make({"sqs"});
  server_.reset();
  EXPECT_THAT(ended(*with_queues, send, R"({"QueueUrl": "q", "MessageBody": "m"})"),
              StartsWith("SQS.SdkClientException: Unable to execute HTTP request: "));
}

TEST_F(services, a_cancelled_call_is_not_waited_for) {
  is_silent_ = true;
  auto with_lambda = make({"lambda"});
  with_lambda->start(task_of(function, "7"));
  with_lambda->cancel("task-1");
  with_lambda.reset();
  const std::lock_guard lock(mutex_);
  held_.clear();
}

}  // namespace
}  // namespace pawl::integrations
