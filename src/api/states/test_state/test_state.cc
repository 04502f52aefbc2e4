#include <algorithm>

#include "api/states/actions.h"
#include "api/states/test_state/request.h"
#include "base/text.h"
#include "engine/service_errors.h"
#include "execution/trial.h"
#include "json/write.h"
#include "world/os_clock.h"

namespace pawl::api::states {
namespace {

using execution::Trial;
using execution::Verdict;
using json::Value;

// A trial and what it refers to, for as long as a task may take to answer.
struct Test {
  Test(TestRequest asked, execution::Identity identity, execution::Facts facts)
      : request(std::move(asked)),
        trial({.machine = *request.tested.machine,
               .states = *request.tested.states,
               .state = *request.tested.state,
               .identity = std::move(identity),
               .input = request.input,
               .variables = request.variables,
               .context = request.context,
               .read_items = request.read_items,
               .retries = request.retries},
              std::move(facts)) {}

  const TestRequest request;
  Trial trial;
};

// Such as an execution of an Express machine has, which nothing knows.
execution::Identity new_identity(const engine::Options& options, const TestRequest& request,
                                 Instant now) {
  world::OsRandom random;
  const std::string machine = world::make_uuid(random), name = world::make_uuid(random);
  const std::string service = concat("arn:aws:states:", options.region, ":", options.account, ":");
  return {.execution_arn = concat(service, "express:", machine, ":", name),
          .execution_name = name,
          .machine_arn = concat(service, "stateMachine:", machine),
          .machine_name = machine,
          .role_arn = request.role_arn,
          .started = now,
          .input = request.input};
}

std::string_view name(Verdict::Status status) {
  switch (status) {
    case Verdict::Status::succeeded:
      return "SUCCEEDED";
    case Verdict::Status::retriable:
      return "RETRIABLE";
    case Verdict::Status::caught:
      return "CAUGHT_ERROR";
    case Verdict::Status::failed:
      return "FAILED";
  }
  return "FAILED";
}

constexpr std::string_view error_details[] = {"catchIndex", "retryIndex",
                                              "retryBackoffIntervalSeconds"};

// Values of the state are JSON in a text; what the service counts are numbers.
Value inspection_data(const Verdict& verdict, const Value& input) {
  Value::Object data{{"input", json::write(input)}}, details;
  for (const auto& [name, value] : verdict.shown) {
    const bool is_detail = std::find(std::begin(error_details), std::end(error_details), name) !=
                           std::end(error_details);
    const bool is_value = name == "result" || name.starts_with("after");
    const bool is_limit = name == "maxConcurrency" || name.starts_with("toleratedFailure");
    if (is_detail) details.push_back({name, value});
    if (is_limit) data.push_back({name, value});
    if (is_value) data.push_back({name, json::write(value)});
  }
  if (!details.empty()) data.push_back({"errorDetails", std::move(details)});
  if (verdict.variables.size() > 0) data.push_back({"variables", json::write(verdict.variables)});
  return data;
}

Value shown(const Test& test) {
  using Status = Verdict::Status;
  const Verdict verdict = test.trial.verdict();
  Value::Object members{{"status", name(verdict.status)}};
  if (verdict.status == Status::succeeded || verdict.status == Status::caught)
    members.push_back({"output", json::write(verdict.output)});
  if (!verdict.error.empty()) members.push_back({"error", verdict.error});
  if (!verdict.cause.empty()) members.push_back({"cause", verdict.cause});
  if (!verdict.next.empty()) members.push_back({"nextState", verdict.next});
  if (test.request.with_data)
    members.push_back({"inspectionData", inspection_data(verdict, test.request.input)});
  return members;
}

// What the iterations of a Map answer: their results, unless too many of them failed.
asl::Outcome<Value> iterations_answer(const Test& test, const asl::Outcome<Value>& mock) {
  const auto most = test.trial.tolerated_failures();
  if (!mock || !most || test.request.failed_iterations <= *most) return mock;
  return asl::Failure{"States.ExceedToleratedFailureThreshold",
                      "The specified tolerated failure threshold was exceeded"};
}

Result<Value> answer_mocked(Test& test) {
  const auto iterations = test.trial.iterations();
  if (iterations && test.request.failed_iterations > static_cast<int64_t>(*iterations))
    return engine::invalid_request(
        "Map iteration failure count must be less than or equal to the number of Map iterations");
  test.trial.answer(iterations_answer(test, *test.request.mock));
  return shown(test);
}

// Why the task of a state cannot be run for a test; empty where it can.
std::string unrunnable(const asl::Task& task, const Rooms& rooms) {
  if (task.is_activity || task.waits_for_token || task.resource.find(".sync") != std::string::npos)
    return "TestState supports activities, .sync and .waitForTaskToken only when a mock is "
           "specified";
  if (!rooms.services.accepts(task.resource) && !rooms.functions.accepts(task.resource))
    return concat("The resource '", task.resource,
                  "' cannot be called from here; specify a mock for what it answers");
  return {};
}

// A service that cannot be asked can still be stood in for.
asl::Outcome<Value> with_way_out(asl::Outcome<Value> outcome) {
  if (outcome || outcome.error().error != "Pawl.ServiceNotConfigured") return outcome;
  asl::Failure failure = std::move(outcome).error();
  failure.cause += " Or specify a mock for what it answers.";
  return failure;
}

}  // namespace

void test_state(const Rooms& rooms, const Value& input, const Answer& answer) {
  auto request = read_test_request(input);
  if (!request) return answer(std::move(request).error());
  const auto* task = std::get_if<asl::Task>(&request->tested.state->kind);
  if (task && !request->mock) {
    const std::string why = unrunnable(*task, rooms);
    if (!why.empty()) return answer(engine::invalid_request(why));
  }

  world::OsRandom random;
  const Instant now = world::OsClock().now();
  auto identity = new_identity(rooms.engine.options(), *request, now);
  const auto test = std::make_shared<Test>(*std::move(request), std::move(identity),
                                           execution::Facts{now, random.next()});
  test->trial.enter();
  if (test->request.mock) return answer(answer_mocked(*test));
  const Value* task_input = test->trial.task_input();
  if (task_input == nullptr) return answer(shown(*test));
  engine::TaskRequest asked{.id = world::make_uuid(random),
                            .execution_arn = test->trial.identity().execution_arn,
                            .execution_name = test->trial.identity().execution_name,
                            .state = test->request.tested.state->name,
                            .resource = task->resource,
                            .input = *task_input};
  const auto answered = [test, answer](const asl::Outcome<Value>& outcome) {
    test->trial.answer(with_way_out(outcome));
    answer(shown(*test));
  };
  if (rooms.services.accepts(task->resource)) return rooms.services.run(std::move(asked), answered);
  rooms.functions.run(std::move(asked), answered);
}

}  // namespace pawl::api::states
