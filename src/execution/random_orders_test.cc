#include <random>

#include "execution/map_run.h"
#include "execution/rehearsal.h"

// Executions under commands in random order, late and repeated ones among them. The rehearsal
// checks after each that replay gives the same state and the same next decision.

namespace pawl::execution {
namespace {

constexpr const char* nest = R"({
  "StartAt": "Each", "TimeoutSeconds": 500,
  "States": {
    "Each": {"Type": "Map", "MaxConcurrency": 2, "ItemsPath": "$.items", "ResultPath": "$.done",
      "ItemSelector": {"n.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "all.$": "$"},
      "ItemProcessor": {"StartAt": "Both", "States": {
        "Both": {"Type": "Parallel", "Next": "Rest", "ResultPath": "$.both",
          "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1, "JitterStrategy": "FULL"}],
          "Catch": [{"ErrorEquals": ["A"], "Next": "Rest", "ResultPath": "$.error"}],
          "Branches": [
            {"StartAt": "Left", "States": {"Left": {"Type": "Task", "TimeoutSeconds": 20,
              "HeartbeatSeconds": 9, "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f",
              "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}], "ResultPath": "$.left",
              "End": true}}},
            {"StartAt": "Right", "States": {
              "Right": {"Type": "Wait", "Seconds": 3, "Next": "Inner"},
              "Inner": {"Type": "Map", "ItemsPath": "$.v", "End": true, "ToleratedFailureCount": 1,
                "ItemProcessor": {"StartAt": "Deep", "States": {"Deep": {"Type": "Task",
                  "Resource": "arn:aws:states:::lambda:invoke",
                  "Parameters": {"FunctionName": "f", "Payload.$": "$"}, "End": true}}}}}}]},
        "Rest": {"Type": "Wait", "Seconds": 1, "End": true}}},
      "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}],
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry", "ResultPath": "$.sorry"}],
      "Next": "Done"},
    "Sorry": {"Type": "Pass", "Result": {"why": "something failed below"}, "ResultPath": "$.note",
      "Next": "Done"},
    "Done": {"Type": "Succeed"}}})";

constexpr const char* loop = R"json({
  "StartAt": "Try",
  "States": {
    "Try": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
      "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:c",
        "Input.$": "$", "Seed.$": "States.UUID()"},
      "TimeoutSeconds": 30, "ResultPath": "$.last", "Next": "Enough",
      "Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 2},
                {"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 4, "MaxAttempts": 3}],
      "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Rest"}]},
    "Enough": {"Type": "Choice", "Default": "Rest",
      "Choices": [{"Variable": "$.last", "IsNumeric": true, "Next": "Done"}]},
    "Rest": {"Type": "Wait", "Seconds": 5, "Next": "Try"},
    "Done": {"Type": "Pass", "Parameters": {"last.$": "$.last", "at.$": "$$.State.EnteredTime"},
      "End": true}}})json";

// Variables in scopes, JSONata that draws time and randomness, tokens, an activity, and a
// distributed Map whose items come in batches.
constexpr const char* scopes = R"json({
  "QueryLanguage": "JSONata", "StartAt": "Begin",
  "States": {
    "Begin": {"Type": "Pass", "Assign": {"seen": [], "id": "{% $uuid() %}"}, "Next": "Runs"},
    "Runs": {"Type": "Map", "Items": "{% $states.input.items %}", "MaxConcurrency": 2,
      "ItemSelector": {"n": "{% $states.context.Map.Item.Index %}", "id": "{% $id %}"},
      "ToleratedFailureCount": 1, "Output": "{% $states.input %}",
      "ItemProcessor": {"StartAt": "Ask", "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
          "Arguments": {"FunctionName": "f", "Payload": {"r": "{% $random() %}",
            "token": "{% $states.context.Task.Token %}", "at": "{% $now() %}"}},
          "TimeoutSeconds": "{% 5 + $states.input.n %}",
          "Assign": {"answer": "{% $states.result %}"},
          "Output": {"n": "{% $states.input.n %}", "a": "{% $states.result %}"},
          "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}],
          "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Check",
            "Assign": {"answer": "{% $states.errorOutput.Error %}"}}], "Next": "Check"},
        "Check": {"Type": "Choice", "Default": "Fail", "Choices": [
          {"Condition": "{% $type($answer) = 'number' %}", "Next": "Press",
            "Assign": {"number": "{% $answer %}"}, "Output": {"number": "{% $answer %}"}},
          {"Condition": "{% $type($answer) = 'string' %}", "Next": "Good"}]},
        "Press": {"Type": "Task", "HeartbeatSeconds": 9, "End": true,
          "Resource": "arn:aws:states:us-east-1:000000000000:activity:press"},
        "Good": {"Type": "Succeed", "Output": "{% $answer %}"},
        "Fail": {"Type": "Fail", "Error": "{% 'No' & $type($answer) %}"}}},
      "Assign": {"seen": "{% $append($seen, $states.result) %}"},
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Batches",
        "Output": "{% $states.input %}"}],
      "Next": "Batches"},
    "Batches": {"Type": "Map", "Items": "{% $states.input.items %}",
      "ItemBatcher": {"MaxItemsPerBatch": "{% 1 + 1 %}", "BatchInput": {"id": "{% $id %}"}},
      "Output": "{% $states.input %}", "Next": "Rest",
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Rest", "Output": "{% $states.input %}"}],
      "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Batch", "States": {"Batch": {"Type": "Task", "End": true,
          "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f"}}}},
    "Rest": {"Type": "Wait", "Seconds": "{% $count($seen) > 3 ? 1 : 2 %}", "Next": "Again"},
    "Again": {"Type": "Choice", "Default": "Runs",
      "Choices": [{"Condition": "{% $count($seen) > 6 %}", "Next": "Done"}]},
    "Done": {"Type": "Pass", "Output": {"seen": "{% $seen %}", "id": "{% $id %}"}, "End": true}}
  })json";

// A distributed Map whose items come window by window and whose results go out part by part.
constexpr const char* windows = R"json({
  "StartAt": "Each",
  "States": {
    "Each": {"Type": "Map", "MaxConcurrency": 3, "ToleratedFailurePercentage": 40,
      "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSONL"}, "Parameters": {"Bucket": "in", "Key": "k"}},
      "ItemSelector": {"n.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"},
      "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"of.$": "$.name"}},
      "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "o"}},
      "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}], "Next": "Again",
      "Catch": [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "Again"}],
      "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Batch", "States": {"Batch": {"Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "Next": "Rest",
          "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}]},
          "Rest": {"Type": "Wait", "Seconds": 1, "End": true}}}},
    "Again": {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
        "Parameters": {"Bucket": "in", "Key": "k"}},
      "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "One", "States": {"One": {"Type": "Task", "End": true,
          "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f"}}},
      "ToleratedFailureCount": 2, "End": true}}})json";

class Chance {
 public:
  explicit Chance(uint64_t seed) : engine_(seed) {}
  uint64_t below(uint64_t limit) { return engine_() % limit; }
  bool one_in(uint64_t count) { return below(count) == 0; }

 private:
  std::mt19937_64 engine_;
};

// Large enough for a text of its own in the record, and with parts that are.
json::Value large_value() {
  const json::Value page = json::Value::Array(3, std::string(10'000, 'p'));
  return json::Value::object({{"page", page}, {"deep", json::Value::array({page, 0.25})}});
}

json::Value random_value(Chance& chance) {
  if (chance.one_in(25)) return large_value();
  switch (chance.below(5)) {
    case 0:
      return static_cast<int64_t>(chance.below(1000));
    case 1:
      return std::string(chance.below(30), 'x');
    case 2:
      return json::Value::object(
          {{"deep", json::Value::array({1, "a rather long text", nullptr})}});
    case 3:
      return nullptr;
    default:
      return json::Value::array({json::Value::object({}), true, 0.25});
  }
}

json::Value random_window(Chance& chance, const json::Value& request) {
  json::Value::Array items;
  for (uint64_t left = chance.below(6); left > 0; --left) items.push_back(random_value(chance));
  json::Value::Object window{{"Items", std::move(items)}, {"Next", nullptr}};
  if (!chance.one_in(3)) window[1].value = json::Value::object({{"Offset", chance.below(99)}});
  if (request.find("After") == nullptr) window.push_back({"Total", chance.below(20)});
  return window;
}

// What those who read items and write results answer; nothing where it is none of them.
std::optional<json::Value> random_errand(Chance& chance, const StartTask& task) {
  if (chance.one_in(15)) return std::nullopt;
  if (task.resource == read_items_resource) return random_window(chance, task.input);
  if (task.resource != write_results_resource) return std::nullopt;
  const auto file = json::Value::object({{"Key", concat(chance.below(99), ".json")}});
  return json::Value::object(
      {{"SUCCEEDED", json::Value::array({file})}, {"FAILED", json::Value::array()}});
}

Command random_answer(Chance& chance, const Effect& effect) {
  if (const auto* timer = std::get_if<SetTimer>(&effect)) return TimerDue{timer->id};
  const EffectId task = std::get<StartTask>(effect).id;
  if (auto answer = random_errand(chance, std::get<StartTask>(effect)))
    return TaskSucceeded{task, *std::move(answer)};
  switch (chance.below(9)) {
    case 8:
      return TaskTaken{task, chance.one_in(2) ? "the night shift" : ""};
    case 0:
      return TaskFailed{task, "E", "the cause"};
    case 1:
      return TaskFailed{task, "A", ""};
    case 2:
      return TaskSubmitted{task, random_value(chance)};
    case 3:
      return TaskHeartbeat{task};
    default:
      return TaskSucceeded{task, random_value(chance)};
  }
}

// One of the open effects is answered, or one that has ended long ago, or never was.
Command random_command(Chance& chance, const Execution& execution) {
  if (chance.one_in(200)) return Stop{"Enough", "for today"};
  if (chance.one_in(10)) return TimerDue{chance.below(40)};
  if (chance.one_in(10)) return TaskSucceeded{chance.below(40), random_value(chance)};
  const auto pending = execution.pending();
  if (pending.empty()) return TaskHeartbeat{1};
  return random_answer(chance, pending[chance.below(pending.size())]);
}

class random_orders : public testing::TestWithParam<int> {};

TEST_P(random_orders, replay_gives_the_same_state_and_decisions) {
  const auto input =
      json::parse(R"({"items": [[1, 2], [], [{"x": "y"}]], "name": "a longer name"})");
  for (const char* definition : {nest, loop, scopes, windows}) {
    const auto machine = machine_of(definition);
    ASSERT_NE(machine, nullptr);
    Chance chance(static_cast<uint64_t>(GetParam()));
    Rehearsal rehearsal(*machine, *input);
    rehearsal.stream_bytes_max = 2000;
    rehearsal.decide(Begin{});
    int64_t redrives = 0;
    for (int i = 0; i < 120; ++i) {
      const Execution& execution = rehearsal.execution();
      const bool is_open = execution.status() == Status::running;
      if (!is_open && (redrives == 3 || !execution.redrive_refusal().empty())) break;
      rehearsal.advance_to(rehearsal.now() + milliseconds(chance.below(3000)));
      const auto command =
          is_open ? random_command(chance, execution) : Command(Redrive{++redrives});
      rehearsal.decide(command, chance.below(1'000'000));
      if (HasFailure()) FAIL() << "seed " << GetParam() << ", command " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(seeds, random_orders, testing::Range(1, 41));

}  // namespace
}  // namespace pawl::execution
