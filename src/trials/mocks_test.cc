#include "trials/mocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asl/parse.h"
#include "base/text.h"

namespace pawl::trials {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> lines_of(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const auto& finding : findings)
    lines.push_back(concat(finding.line, ":", finding.column, " ", finding.message));
  return lines;
}

std::vector<std::string> findings_in(std::string_view text) {
  return lines_of(read_mocks(text).findings);
}

// The findings in a response of that text, in the first line of a file.
std::vector<std::string> found_in_response(std::string_view response) {
  std::vector<std::string> messages;
  const auto reading =
      read_mocks(concat(R"({"StateMachines": {}, "MockedResponses": {"R": )", response, "}}"));
  for (const auto& finding : reading.findings) messages.push_back(finding.message);
  return messages;
}

constexpr const char* sound = R"({
  "StateMachines": {"m": {"TestCases": {
    "Good": {"Ask": "Answers", "Input": {"n": 1}, "Expect": {"status": "SUCCEEDED", "output": 7}},
    "Plain": {"Ask": "Answers"}}}},
  "MockedResponses": {"Answers": {
    "0": {"Return": {"a": 1}},
    "1-2": {"Throw": {"Error": "E", "Cause": "why"}},
    "5": {"Return": null, "AfterSeconds": 1.5}}}})";

TEST(mocks, are_read_as_step_functions_local_reads_them) {
  const auto reading = read_mocks(sound);
  ASSERT_THAT(lines_of(reading.findings), IsEmpty());
  ASSERT_EQ(reading.mocks.machines.size(), 1u);
  EXPECT_EQ(reading.mocks.machines[0].name, "m");
  ASSERT_EQ(reading.mocks.machines[0].cases.size(), 2u);
  EXPECT_EQ(reading.mocks.machines[0].cases[1].responses.at("Ask"), "Answers");
}

TEST(mocks, answer_by_the_number_of_the_invocation) {
  const auto reading = read_mocks(sound);
  const Response& response = reading.mocks.responses.at("Answers");
  EXPECT_EQ(std::get<json::Value>(response.to(0)->outcome)["a"], json::Value(1));
  EXPECT_EQ(std::get<asl::Failure>(response.to(1)->outcome).error, "E");
  EXPECT_EQ(std::get<asl::Failure>(response.to(2)->outcome).cause, "why");
  EXPECT_EQ(response.to(3), nullptr);
  EXPECT_EQ(response.to(5)->delay, milliseconds(1500));
}

TEST(mocks, may_say_what_goes_in_and_what_is_expected) {
  const auto reading = read_mocks(sound);
  const auto& cases = reading.mocks.machines[0].cases;
  EXPECT_EQ(cases[0].input->find("n")->integer(), 1);
  EXPECT_EQ(cases[0].expectation.status, "SUCCEEDED");
  EXPECT_EQ(cases[0].expectation.output, json::Value(7));
  EXPECT_FALSE(cases[1].input.has_value());
  EXPECT_FALSE(cases[1].expectation.output.has_value());
}

TEST(mocks, of_a_state_called_input_are_told_from_an_input_by_the_response_they_name) {
  const auto reading = read_mocks(R"({"StateMachines": {"m": {"TestCases": {
      "Mocked": {"Input": "R", "Expect": "R"}, "Given": {"Input": "text"}}}},
      "MockedResponses": {"R": {"0": {"Return": 1}}}})");
  ASSERT_THAT(lines_of(reading.findings), IsEmpty());
  const auto& cases = reading.mocks.machines[0].cases;
  EXPECT_EQ(cases[0].responses.size(), 2u);
  EXPECT_FALSE(cases[0].input.has_value());
  EXPECT_EQ(cases[1].input, json::Value("text"));
}

TEST(mocks, that_are_no_json_are_refused_at_the_place) {
  EXPECT_THAT(findings_in("{\n \"StateMachines\": {,}}"),
              ElementsAre(testing::StartsWith("2:20 Unexpected character (',' (code 44))")));
}

TEST(mocks, need_both_parts_and_no_others) {
  EXPECT_THAT(findings_in("{\"Other\": 1,\n \"MockedResponses\": 3}"),
              ElementsAre("1:1 \"StateMachines\" is missing", "1:2 unknown field \"Other\"",
                          "2:2 \"MockedResponses\" must be an object"));
  EXPECT_THAT(findings_in("[]"), ElementsAre("1:1 a mock configuration is a JSON object"));
}

TEST(mocks, may_only_name_responses_that_are_there) {
  EXPECT_THAT(findings_in("{\"StateMachines\": {\"m\": {\"TestCases\": {\"c\":\n"
                          "  {\"Ask\": \"Nope\", \"Tell\": 3}}}}, \"MockedResponses\": {}}"),
              ElementsAre("2:4 there is no mocked response \"Nope\"",
                          "2:19 the name of a mocked response is expected"));
}

TEST(mocks, whose_answers_make_no_sense_are_refused) {
  const auto is_refused = [](const char* response, const std::string& message) {
    EXPECT_THAT(found_in_response(response), ElementsAre(message)) << response;
  };
  is_refused("{}", "a mocked response is an object of answers by invocation: \"0\", \"1-2\"");
  for (const char* numbers : {"x", "2-1", "-1", "1-", "", "1-2-3", "0x1"}) {
    is_refused(concat("{\"", numbers, "\": {\"Return\": 1}}").c_str(),
               concat("\"", numbers,
                      "\" is neither the number of an invocation, counted from 0, nor a range "
                      "such as \"1-2\""));
  }
  is_refused(R"({"0-2": {"Return": 1}, "2-3": {"Return": 1}})", "invocation 2 is answered twice");
  is_refused(R"({"0": {"Return": 1, "Throw": {"Error": "E"}}})",
             "an answer has either Return or Throw");
  is_refused(R"({"0": {}})", "an answer has either Return or Throw");
  is_refused(R"({"0": {"Throw": {"Cause": "c"}}})",
             "\"Throw\" is an object with the texts Error and Cause");
  is_refused(R"({"0": {"Return": 1, "AfterSeconds": -1}})",
             "\"AfterSeconds\" must be a number from 0 to 99999999");
}

TEST(mocks, written_twice_are_refused_but_not_within_what_a_task_returns) {
  EXPECT_THAT(found_in_response(R"({"0": {"Return": 1}, "0": {"Return": 2}})"),
              ElementsAre("\"0\" is written twice"));
  EXPECT_THAT(found_in_response(R"({"0": {"Return": {"a": 1, "a": 2}}})"), IsEmpty());
}

TEST(cases, may_only_mock_tasks_that_the_machine_has) {
  const auto parsed = asl::parse_definition(R"({"StartAt": "Each", "States": {"Each": {
      "Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Ask", "States": {"Ask": {
      "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}}}})");
  ASSERT_NE(parsed.machine, nullptr);
  const auto reading = read_mocks(R"({"StateMachines": {"m": {"TestCases": {"c":
      {"Ask": "R", "Ax": "R", "Each": "R"}}}}, "MockedResponses": {"R": {"0": {"Return": 1}}}})");
  std::vector<std::string> messages;
  for (const auto& finding : check_cases(reading.mocks.machines[0], *parsed.machine))
    messages.push_back(finding.message);
  EXPECT_THAT(messages, ElementsAre("machine \"m\" has no state \"Ax\"",
                                    "state \"Each\" is no Task but a Map; only tasks are mocked"));
}

}  // namespace
}  // namespace pawl::trials
