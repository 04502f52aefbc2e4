#pragma once

#include <memory>
#include <optional>
#include <string>

#include "asl/failure.h"
#include "asl/machine.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::api::states {

// The state that a definition is tested for: itself, or one of a machine's.
struct TestedState {
  std::unique_ptr<const asl::Machine> machine;
  const asl::States* states = nullptr;  // the ones it is among
  const asl::State* state = nullptr;
};

// What TestState was asked, checked.
struct TestRequest {
  TestedState tested;
  json::Value input, variables;
  std::optional<json::Value> context;
  std::optional<asl::Outcome<json::Value>> mock;  // what the state's task or children answer
  std::string role_arn;
  bool with_data = false;  // from level DEBUG on
  int64_t retries = 0;
  int64_t failed_iterations = 0;
  std::optional<json::Value> read_items;  // by the ItemReader of a Map
};

Result<TestRequest> read_test_request(const json::Value& input);

// One state, or, with a name, that state of a machine, however deep. Errors: InvalidDefinition.
Result<TestedState> read_tested_state(const std::string& definition,
                                      const std::optional<std::string>& name);
// Whether a state of this name is in a branch or processor of the state.
bool holds_state(const asl::State& state, std::string_view name);

// The context object that a client gives. Error: what is wrong in it.
Result<json::Value> read_context(const std::string& text);

enum class Validation { strict, present, none };
// Holds what a task is said to have answered to what the service that it calls answers (strict:
// what it always answers must be there). Services that are not known are not checked.
Result<void> check_response(std::string_view resource, const json::Value& result,
                            Validation validation);

}  // namespace pawl::api::states
