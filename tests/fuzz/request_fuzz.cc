#include <algorithm>
#include <optional>

#include "api/shape.h"
#include "api/states/actions.h"
#include "api/states/shapes.h"
#include "aws/json_protocol.h"
#include "fuzz.h"
#include "json/parse.h"
#include "json/write.h"
#include "sim/server.h"

// The bodies of requests, before an engine on simulated ground.

namespace pawl::fuzz {
namespace {

using json::Value;

constexpr const char* machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
constexpr const char* execution = "arn:aws:states:us-east-1:000000000000:execution:m:e";

// A request is the name of its operation, a blank, and its body.
std::vector<std::string> requests() {
  std::vector<std::string> all;
  const auto add = [&](std::string_view operation, const Value& body) {
    all.push_back(std::string(operation) + " " + json::write(body));
  };
  const Value by_machine = Value::object({{"stateMachineArn", machine}, {"maxResults", 10}});
  const Value by_execution = Value::object({{"executionArn", execution}, {"reverseOrder", true}});
  for (const auto& row : api::states::actions()) {
    add(row.operation, by_machine);
    add(row.operation, by_execution);
  }
  for (const auto& definition : definitions()) {
    add("CreateStateMachine", Value::object({{"name", "other"},
                                             {"definition", definition},
                                             {"roleArn", "arn:aws:iam::000000000000:role/r"},
                                             {"type", "STANDARD"}}));
    add("ValidateStateMachineDefinition",
        Value::object({{"definition", definition}, {"severity", "WARNING"}}));
  }
  add("StartExecution",
      Value::object({{"stateMachineArn", machine}, {"name", "f"}, {"input", "{\"a\": 1}"}}));
  add("ListExecutions", by_machine.with("statusFilter", "RUNNING").with("nextToken", "abc"));
  return all;
}

const std::vector<std::string> words =
    json_words_and({"9223372036854775808", "\"name\"", "\"definition\"", "\"roleArn\"", "\"input\"",
                    "\"stateMachineArn\"", "\"executionArn\"", "\"maxResults\"", "\"nextToken\"",
                    "\"type\": \"EXPRESS\"", "\"tags\": []", "\"publish\": true",
                    "arn:aws:states:", ":execution:", "\\\"", "\"loggingConfiguration\": {}",
                    "\"error\"", "\"cause\"", " "});

void check_answer(const Result<Value>& answer) {
  if (answer) {
    const std::string written = json::write(*answer);
    require(json::parse(written).has_value(), "an answer is no JSON");
  } else {
    require(!answer.error().message().empty(), "a refusal says nothing");
    require(http_status(answer.error().code()) >= 400, "a refusal has no status");
  }
}

void run_request(const std::string& text, Random&) {
  const size_t blank = std::min(text.find(' '), text.size());
  http::Request request;
  request.method = "POST";
  request.body = text.substr(std::min(blank + 1, text.size()));
  const auto input = aws::input_of(request);
  if (!input) return;
  std::optional<Result<Value>> answer;  // lives longest: the engine may answer when it goes
  sim::Server server;
  const functions::Registry registry;
  functions::Runtime runtime(registry, {}, server.clock);
  integrations::Services services({}, runtime, server.clock);
  batch::JobLoop jobs({}, server.engine(), server.store(), server.clock);
  sim::SimRandom random(1);
  schedules::Scheduler schedules(server.engine(), server.store(), server.clock);
  const api::Rooms rooms{server.engine(), runtime, services, jobs, random, schedules};
  (void)server.create_machine("m", R"({"StartAt": "P", "States": {"P": {"Type": "Pass",
      "Result": [1], "Next": "W"}, "W": {"Type": "Wait", "Seconds": 9, "End": true}}})");
  (void)server.start("m", Value::object(), "e");
  server.settle();
  const std::string_view operation = std::string_view(text).substr(0, blank);
  for (const auto& row : api::states::actions()) {
    if (row.operation != operation) continue;
    if (!api::check_shape(*input, api::states::shape_of(operation))) return;
    row.action(rooms, *input, [&](Result<Value> given) {
      require(!answer.has_value(), "a request is answered twice");
      answer.emplace(std::move(given));
    });
    server.settle();
    server.pass(seconds(60));
    // What waits for something may be answered later, or never here.
    if (answer) check_answer(*answer);
  }
}

}  // namespace
}  // namespace pawl::fuzz

int main(int count, char** words) {
  return pawl::fuzz::run_targets(
      {{"request", {pawl::fuzz::requests(), pawl::fuzz::words}, pawl::fuzz::run_request}}, count,
      words);
}
