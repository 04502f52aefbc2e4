#include "api/states/test_state/request.h"

#include <algorithm>

#include "api/fields.h"
#include "base/text.h"
#include "engine/service_errors.h"
#include "json/parse.h"

namespace pawl::api::states {
namespace {

using json::Value;

Error invalid(std::string_view message) { return engine::invalid_request(message); }

template <typename Kind>
bool is(const asl::State& state) {
  return std::holds_alternative<Kind>(state.kind);
}

bool has_children(const asl::State& state) {
  return is<asl::Map>(state) || is<asl::Parallel>(state);
}

Result<std::optional<asl::Outcome<Value>>> read_mock(const Value& input) {
  using Mock = std::optional<asl::Outcome<Value>>;
  const Value* mock = input.find("mock");
  if (mock == nullptr || mock->is_null()) return Mock();
  const auto result = optional_text_of(*mock, "result");
  const Value* failure = mock->find("errorOutput");
  if (result.has_value() == (failure != nullptr))
    return invalid(
        "A test mock should have only one of the following fields: [result, errorOutput].");
  if (input.boolean_at("revealSecrets").value_or(false))
    return invalid("TestState does not support RevealSecrets when a mock is specified.");
  if (failure != nullptr)
    return Mock(asl::Failure{text_of(*failure, "error"), text_of(*failure, "cause")});
  auto value = json::parse(*result);
  if (!value) return invalid("Mocked result must be valid JSON");
  return Mock(asl::Outcome<Value>(*std::move(value)));
}

// Which states may, must or must not have their work mocked.
Result<void> check_kind(const asl::State& state, bool is_mocked, bool has_role) {
  if (is_mocked) {
    if (is<asl::Task>(state) || has_children(state)) return {};
    return invalid(
        concat("State type '", state.type(), "' is not supported when a mock is specified"));
  }
  if (has_children(state))
    return Error(ErrorCode::invalid_argument,
                 "InvalidDefinition: TestState API does not support Map or Parallel states. "
                 "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]");
  if (is<asl::Task>(state) && !has_role)
    return invalid("RoleArn must be specified when testing a Task state");
  return {};
}

Validation validation_of(const Value& mock) {
  const std::string mode = text_of(mock, "fieldValidationMode");
  if (mode == "NONE") return Validation::none;
  return mode == "PRESENT" ? Validation::present : Validation::strict;
}

Result<void> check_result(const asl::State& state, const Value& result, Validation validation) {
  const auto* map = std::get_if<asl::Map>(&state.kind);
  if (map && map->writer) {
    if (!result.is_object()) return invalid("Mocked result must be a JSON object.");
  } else if (has_children(state)) {
    if (!result.is_array()) return invalid("Mocked result must be an array.");
  } else {
    return check_response(std::get<asl::Task>(state.kind).resource, result, validation);
  }
  return {};
}

Result<void> read_configuration(const Value& given, TestRequest& request) {
  request.retries = given.integer_at("retrierRetryCount").value_or(0);
  request.failed_iterations = given.integer_at("mapIterationFailureCount").value_or(0);
  const auto origin = optional_text_of(given, "errorCausedByState");
  if (origin && has_children(*request.tested.state) && !holds_state(*request.tested.state, *origin))
    return invalid(concat("The state '", *origin, "' of errorCausedByState is not in the state '",
                          request.tested.state->name, "'"));
  if (const auto text = optional_text_of(given, "mapItemReaderData")) {
    auto items = json::parse(*text);
    if (!items || !items->is_array())
      return invalid("mapItemReaderData must be a JSON array; other formats are not offered");
    request.read_items = *std::move(items);
  }
  return {};
}

Result<Value> read_variables(const Value& input) {
  const auto text = optional_text_of(input, "variables");
  if (!text) return Value::object();
  auto variables = json::parse(*text);
  if (!variables || !variables->is_object()) return invalid("Variables must be a JSON object");
  return variables;
}

}  // namespace

Result<TestRequest> read_test_request(const Value& input) {
  TestRequest request;
  request.mock = TRY(read_mock(input));
  request.role_arn = text_of(input, "roleArn");
  const std::string level = text_of(input, "inspectionLevel");
  request.with_data = level == "DEBUG" || level == "TRACE";
  if (const auto context = optional_text_of(input, "context"))
    request.context = TRY(read_context(*context));
  request.tested =
      TRY(read_tested_state(text_of(input, "definition"), optional_text_of(input, "stateName")));

  const asl::State& state = *request.tested.state;
  TRY(check_kind(state, request.mock.has_value(), !request.role_arn.empty()));
  if (request.mock && request.mock->has_value())
    TRY(check_result(state, **request.mock, validation_of(input["mock"])));
  if (const Value* given = input.find("stateConfiguration"))
    TRY(read_configuration(*given, request));
  request.variables = TRY(read_variables(input));
  const auto text = optional_text_of(input, "input");
  request.input =
      text ? TRY(parse_data(*text, "InvalidExecutionInput: Invalid State Machine Execution Input"))
           : Value::object();
  return request;
}

}  // namespace pawl::api::states
