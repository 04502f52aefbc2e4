#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "asl/failure.h"
#include "asl/machine.h"
#include "base/time.h"
#include "json/value.h"

namespace pawl::trials {

// The mock configuration of Step Functions Local (MockConfigFile.json):
//
//   {"StateMachines": {MACHINE: {"TestCases": {CASE: {STATE: RESPONSE, …}}}},
//    "MockedResponses": {RESPONSE: {"0": {"Return": …}, "1-2": {"Throw": {"Error", "Cause"}}}}}
//
// and what Pawl adds to it: "Input" and "Expect" in a case, "AfterSeconds" beside Return and Throw.

// What a mocked task answers to some of its invocations, which are counted from 0.
struct Answer {
  int64_t first = 0, last = 0;
  std::variant<json::Value, asl::Failure> outcome;
  Duration delay{};
  std::string location;  // in the file
};

struct Response {
  std::vector<Answer> answers;
  std::string location;

  // Null where there is none.
  const Answer* to(int64_t invocation) const;
};

// What is compared with the end of a case; absent members are not.
struct Expectation {
  std::optional<std::string> status, error, cause;
  std::optional<json::Value> output;
};

struct Case {
  std::string name;
  std::map<std::string, std::string, std::less<>> responses;  // state → response
  std::optional<json::Value> input;
  Expectation expectation;
  std::string location;
};

struct MockedMachine {
  std::string name;
  std::vector<Case> cases;  // as in the file
};

struct Mocks {
  std::vector<MockedMachine> machines;
  std::map<std::string, Response, std::less<>> responses;
};

// Something about the file, at a place of it.
struct Finding {
  std::string location;  // "/MockedResponses/Paid/0"
  std::string message;
  size_t line = 0, column = 0;  // 0 where unknown
};

struct MockReading {
  Mocks mocks;  // not to be used where something was found
  std::vector<Finding> findings;
};
MockReading read_mocks(std::string_view text);

// What the cases say of states that the machine does not have, or that are no tasks.
std::vector<Finding> check_cases(const MockedMachine& mocked, const asl::Machine& machine);

// The findings with line and column, in the order of the text.
std::vector<Finding> located(std::vector<Finding> findings, std::string_view text);

}  // namespace pawl::trials
