#include "trials/trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asl/parse.h"
#include "base/text.h"
#include "trials/report.h"

namespace pawl::trials {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A machine with its mocks; its only case is run.
struct Bench {
  Bench(std::string_view definition, std::string_view mocks)
      : parsed(asl::parse_definition(definition)), reading(read_mocks(mocks)) {
    for (const auto& found : parsed.diagnostics) ADD_FAILURE() << found.message;
    for (const auto& found : reading.findings) ADD_FAILURE() << found.message;
    coverage = std::make_unique<Coverage>(*parsed.machine);
    const auto& mocked = reading.mocks.machines.at(0);
    for (const auto& test : mocked.cases) {
      trials.push_back(
          run_case({mocked.name, *parsed.machine, reading.mocks, json::Value(1)}, test, *coverage));
    }
  }
  const Trial& trial() const { return trials.front(); }

  asl::Parsed parsed;
  MockReading reading;
  std::unique_ptr<Coverage> coverage;
  std::vector<Trial> trials;
};

std::string mocks(std::string_view test, std::string_view responses) {
  return concat(R"({"StateMachines": {"m": {"TestCases": {"c": )", test,
                R"(}}}, "MockedResponses": )", responses, "}");
}

// One task "Ask" with those fields beside its own.
std::string ask(std::string_view fields) {
  return concat(R"({"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true, )", fields,
                R"("Resource": "arn:aws:states:::lambda:invoke"}}})");
}

TEST(trial, takes_no_time_for_a_wait_of_three_days) {
  const Bench bench(R"({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 259200,
      "Next": "S"}, "S": {"Type": "Succeed"}}})",
                    mocks("{}", "{}"));
  EXPECT_EQ(bench.trial().verdict, Verdict::passed);
  EXPECT_EQ(bench.trial().duration, hours(72));
  EXPECT_THAT(bench.trial().path, ElementsAre("W", "S"));
  EXPECT_EQ(bench.trial().output, json::Value(1));
}

TEST(trial, waits_between_retries_on_the_virtual_clock) {
  const Bench bench(
      ask(R"("Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 10, "BackoffRate": 3}],)"),
      mocks(R"({"Ask": "R"})", R"({"R": {"0-1": {"Throw": {"Error": "E", "Cause": "c"}},
          "2": {"Return": "done"}}})"));
  EXPECT_EQ(bench.trial().verdict, Verdict::passed);
  EXPECT_EQ(bench.trial().duration, seconds(40));
  EXPECT_EQ(bench.trial().output, json::Value("done"));
}

TEST(trial, lets_a_task_time_out_that_answers_too_late) {
  const std::string slow = R"({"R": {"0": {"Return": 1, "AfterSeconds": 61}}})";
  const Bench late(ask(R"("TimeoutSeconds": 60,)"), mocks(R"({"Ask": "R"})", slow));
  EXPECT_EQ(late.trial().error, "States.Timeout");
  EXPECT_EQ(late.trial().duration, seconds(60));
  const Bench silent(ask(R"("HeartbeatSeconds": 20,)"), mocks(R"({"Ask": "R"})", slow));
  EXPECT_EQ(silent.trial().error, "States.Timeout");
  EXPECT_EQ(silent.trial().duration, seconds(20));
  const Bench in_time(ask(R"("TimeoutSeconds": 62,)"), mocks(R"({"Ask": "R"})", slow));
  EXPECT_EQ(in_time.trial().verdict, Verdict::passed);
  EXPECT_EQ(in_time.trial().duration, seconds(61));
}

TEST(trial, answers_tasks_that_wait_for_a_token_and_activities) {
  const Bench bench(R"({"StartAt": "T", "States": {
      "T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "Next": "A"},
      "A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:us-east-1:000000000000:activity:press"}}})",
                    mocks(R"({"T": "R", "A": "R"})", R"({"R": {"0": {"Return": "yes"}}})"));
  EXPECT_EQ(bench.trial().verdict, Verdict::passed);
  EXPECT_EQ(bench.trial().output, json::Value("yes"));
}

TEST(trial, counts_the_invocations_of_a_state_through_all_iterations) {
  const Bench bench(R"({"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
      "ItemProcessor": {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke"}}}}}})",
                    mocks(R"({"Ask": "R", "Input": [1, 1]})",
                          R"({"R": {"0": {"Return": "a"}, "1": {"Return": "b"}}})"));
  EXPECT_EQ(bench.trial().output, json::Value::array({"a", "b"}));
  EXPECT_THAT(bench.trial().path, ElementsAre("Each", "Each[0]/Ask", "Each[1]/Ask"));
}

TEST(trial, answers_maps_that_read_their_items_and_write_their_results) {
  const Bench bench(R"({"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
      "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "b", "Key": "k"}},
      "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}},
      "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}})",
                    mocks(R"({"Each": "R"})",
                          R"({"R": {"0": {"Return": [1, 2]}, "1": {"Return": {"Key": "m"}}}})"));
  EXPECT_THAT(bench.trial().reasons, IsEmpty());
  EXPECT_EQ(bench.trial().output["ResultWriterDetails"], json::Value::object({{"Key", "m"}}));
}

TEST(trial, is_broken_by_a_task_without_a_mock) {
  const Bench none(ask(""), mocks("{}", "{}"));
  EXPECT_EQ(none.trial().verdict, Verdict::broken);
  EXPECT_THAT(none.trial().reasons, ElementsAre("state \"Ask\" has no mock (invocation 0 of "
                                                "arn:aws:states:::lambda:invoke)"));
  const Bench one(ask(R"("Retry": [{"ErrorEquals": ["E"]}],)"),
                  mocks(R"({"Ask": "R"})", R"({"R": {"0": {"Throw": {"Error": "E"}}}})"));
  EXPECT_EQ(one.trial().verdict, Verdict::broken);
  EXPECT_THAT(one.trial().reasons,
              ElementsAre("state \"Ask\" has no mock for invocation 1: mocked response \"R\" does "
                          "not answer it"));
  EXPECT_EQ(one.trial().status, execution::Status::running);
}

TEST(trial, of_a_machine_that_never_ends_is_broken) {
  const Bench waits(R"({"StartAt": "W", "States": {
      "W": {"Type": "Wait", "Seconds": 99999, "Next": "C"},
      "C": {"Type": "Choice", "Default": "W", "Choices": [
        {"Variable": "$", "NumericEquals": 2, "Next": "S"}]},
      "S": {"Type": "Succeed"}}})",
                    mocks("{}", "{}"));
  EXPECT_THAT(waits.trial().reasons, ElementsAre("the execution runs for more than a year"));
  const Bench spins(R"({"StartAt": "P", "States": {
      "P": {"Type": "Pass", "Next": "C"},
      "C": {"Type": "Choice", "Default": "P", "Choices": [
        {"Variable": "$", "NumericEquals": 2, "Next": "S"}]},
      "S": {"Type": "Succeed"}}})",
                    mocks("{}", "{}"));
  EXPECT_THAT(spins.trial().reasons, ElementsAre("the execution has not ended after 250000 steps"));
}

TEST(trial, fails_where_it_does_not_end_as_expected) {
  const auto reasons = [](const char* expected) {
    return Bench(
               R"({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}})",
               mocks(concat("{\"Expect\": ", expected, "}"), "{}"))
        .trial()
        .reasons;
  };
  EXPECT_THAT(reasons("{}"), ElementsAre("status is FAILED and not SUCCEEDED (E: c)"));
  EXPECT_THAT(reasons(R"({"status": "FAILED"})"), IsEmpty());
  EXPECT_THAT(reasons(R"({"error": "E", "cause": "c"})"), IsEmpty());
  EXPECT_THAT(reasons(R"({"error": "X", "cause": "y"})"),
              ElementsAre("error is \"E\" and not \"X\"", "cause is \"c\" and not \"y\""));
  EXPECT_THAT(reasons(R"({"status": "FAILED", "output": 3})"),
              ElementsAre("output is null and not 3"));
}

TEST(trial, is_the_same_every_time) {
  const char* machine = R"({"QueryLanguage": "JSONata", "StartAt": "P", "States": {"P":
      {"Type": "Pass", "Output": "{% $random() & $uuid() & $now() %}", "End": true}}})";
  const Bench one(machine, mocks("{}", "{}")), two(machine, mocks("{}", "{}"));
  EXPECT_EQ(one.trial().verdict, Verdict::passed);
  EXPECT_EQ(one.trial().output, two.trial().output);
}

constexpr const char* branching = R"({"StartAt": "Which", "States": {
  "Which": {"Type": "Choice", "Default": "Ask", "Choices": [
    {"Variable": "$", "NumericEquals": 5, "Next": "Ask"},
    {"Variable": "$", "NumericEquals": 6, "Next": "Ask"}]},
  "Ask": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::lambda:invoke",
    "Retry": [{"ErrorEquals": ["A"]}, {"ErrorEquals": ["B"]}],
    "Catch": [{"ErrorEquals": ["C", "D"], "Next": "End"},
              {"ErrorEquals": ["States.ALL"], "Next": "End"}]},
  "End": {"Type": "Succeed"}}})";

TEST(coverage, knows_rules_retriers_and_catchers_that_lead_to_the_same_state) {
  const Bench bench(
      branching,
      mocks(R"({"Input": 6, "Ask": "R"})",
            R"({"R": {"0": {"Throw": {"Error": "B"}}, "1": {"Throw": {"Error": "E"}}}})"));
  EXPECT_EQ(bench.trial().verdict, Verdict::passed);
  EXPECT_THAT(bench.coverage->not_covered(),
              ElementsAre("Ask: retrier 1 (A)", "Ask: catcher 1 (C, D) → End",
                          "Which: rule 1 → Ask", "Which: Default → Ask"));
  EXPECT_EQ(bench.coverage->count(Coverage::Kind::entered).covered, 3u);
  EXPECT_EQ(bench.coverage->count(Coverage::Kind::rule).all, 3u);
}

TEST(coverage, counts_states_within_a_distributed_map) {
  const Bench bench(R"({"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
      "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}})",
                    mocks(R"({"Input": [1]})", "{}"));
  EXPECT_EQ(bench.trial().verdict, Verdict::passed);
  EXPECT_THAT(bench.coverage->not_covered(), IsEmpty());
}

TEST(unused, mocks_are_named) {
  const Bench bench(ask(""), mocks(R"({"Ask": "R"})", R"({
      "R": {"0": {"Return": 1}, "1": {"Return": 2}}, "Idle": {"0": {"Return": 1}}})"));
  std::vector<std::string> messages;
  for (const auto& finding : unused(bench.reading.mocks, bench.trials))
    messages.push_back(concat(finding.location, ": ", finding.message));
  EXPECT_THAT(
      messages,
      ElementsAre("/MockedResponses/Idle: mocked response \"Idle\" is not used",
                  "/MockedResponses/R/1: this answer of mocked response \"R\" is not used"));
}

TEST(unused, mocks_of_a_state_that_is_not_reached_are_remembered) {
  const Bench bench(R"({"StartAt": "S", "States": {"S": {"Type": "Choice", "Default": "End",
      "Choices": [{"Variable": "$", "NumericEquals": 5, "Next": "Ask"}]},
      "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "End"},
      "End": {"Type": "Succeed"}}})",
                    mocks(R"({"Ask": "R"})", R"({"R": {"0": {"Return": 1}}})"));
  EXPECT_THAT(bench.trial().unasked, ElementsAre("Ask"));
}

TEST(junit, tells_failures_from_errors_and_escapes_what_xml_cannot_hold) {
  Bench bench(R"({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "<&\">"}}})",
              mocks("{}", "{}"));
  std::vector<MachineReport> reports;
  reports.push_back({"m", "m.asl.json", bench.trials, *bench.coverage});
  const std::string xml = junit(reports);
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"m\" tests=\"1\" failures=\"1\" errors=\"0\">"));
  EXPECT_THAT(xml, HasSubstr("<failure message=\"status is FAILED and not SUCCEEDED "
                             "(&lt;&amp;&quot;&gt;)\"/>"));
}

}  // namespace
}  // namespace pawl::trials
