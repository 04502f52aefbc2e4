#include "integrations/lambda.h"

#include <array>

#include "base/arn.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::integrations {
namespace {

using json::Value;

constexpr Dialect lambda{"Lambda", "AWSLambda", "AWSLambdaException"};
// A function may run for 15 minutes, and its answer be on its way for some more.
constexpr Duration answer_limit = minutes(16);

struct Parameter {
  std::string_view name, header;
};
// Those of lambda:invoke that go into headers.
constexpr std::array<Parameter, 3> header_parameters{
    Parameter{"InvocationType", "X-Amz-Invocation-Type"}, Parameter{"LogType", "X-Amz-Log-Type"},
    Parameter{"ClientContext", "X-Amz-Client-Context"}};

// By its name alone among the functions of the caller's account, as every emulator knows it.
std::string path_of(const functions::Target& target, std::string_view execution_arn) {
  const auto caller = parse_arn(execution_arn);
  const bool is_of_caller = target.account.empty() || (caller && caller->account == target.account);
  functions::Target unqualified = target;
  unqualified.version = "$LATEST";
  const std::string name =
      is_of_caller ? target.name : http::encode_percent(unqualified.arn(execution_arn));
  const std::string qualifier =
      target.version == "$LATEST" ? "" : concat("?Qualifier=", target.version);
  return concat("/2015-03-31/functions/", name, "/invocations", qualifier);
}

// What is given as a text is the JSON itself.
std::string payload_text(const Value& payload) {
  if (payload.is_null()) return "{}";
  return payload.is_string() ? std::string(payload.string()) : json::write(payload);
}

// A payload that is no JSON is a text; one with a number that cannot be kept is neither.
asl::Outcome<Value> payload_of(const http::Response& response) {
  if (response.body.empty()) return Value("");
  auto value = json::parse(response.body);
  if (value) return *std::move(value);
  if (value.error().code() != ErrorCode::limit_exceeded) return Value(response.body);
  return asl::Failure{"States.Runtime",
                      "The answer of the function cannot be kept: " + value.error().text()};
}

// The function itself has failed: its error is the task's.
asl::Failure failure_of_function(const http::Response& response) {
  const auto payload = json::parse(response.body);
  const auto type = payload ? payload->string_at("errorType") : std::nullopt;
  if (type && !type->empty()) return {*type, response.body};
  return {"Lambda.Unknown",
          concat("The cause could not be determined because Lambda did not return an error type. "
                 "Returned payload: ",
                 response.body)};
}

asl::Failure failure_of_service(const http::Response& response, const std::string& function_arn) {
  const auto parsed = json::parse(response.body);
  const Value body = parsed ? *parsed : Value();
  const std::string_view type = response.header("x-amzn-ErrorType");
  Fault fault{std::string(type.substr(0, type.find(':'))),
              body.string_at("Message").value_or(body.string_at("message").value_or("")),
              response.status, std::string(response.header("x-amzn-RequestId"))};
  // What was looked for, whole, whichever way the endpoint puts it.
  if (fault.code == "ResourceNotFoundException")
    fault.message = concat("Function not found: ", function_arn);
  if (fault.code.empty() && fault.http_status >= 500) fault.code = "ServiceException";
  return failure(lambda, fault);
}

asl::Outcome<Value> invocation_result(const http::Response& response) {
  Value payload = TRY(payload_of(response));
  Value::Object members;
  if (const auto version = response.header("X-Amz-Executed-Version"); !version.empty())
    members.push_back({"ExecutedVersion", version});
  if (const auto log = response.header("X-Amz-Log-Result"); !log.empty())
    members.push_back({"LogResult", log});
  members.push_back({"Payload", std::move(payload)});
  members.push_back({"StatusCode", response.status});
  return with_metadata(members, response);
}

// The headers that the parameters of lambda:invoke ask for.
asl::Outcome<std::vector<http::Header>> headers_of(const Value& parameters) {
  std::vector<http::Header> headers;
  for (const auto& [name, value] : parameters.members()) {
    if (name == "FunctionName" || name == "Payload" || name == "Qualifier") continue;
    const auto known = std::find_if(
        header_parameters.begin(), header_parameters.end(),
        [named = std::string_view(name)](const Parameter& each) { return each.name == named; });
    if (known == header_parameters.end() || !value.is_string())
      return asl::Failure{
          "States.Runtime",
          concat("The parameter ", name, " of lambda:invoke, or its value, is not supported")};
    headers.push_back({std::string(known->header), std::string(value.string())});
  }
  return headers;
}

}  // namespace

bool calls_function(std::string_view resource) {
  return functions::is_function_arn(resource) || functions::is_invoke_integration(resource);
}

std::optional<functions::Target> called_function(const engine::TaskRequest& task) {
  if (functions::is_function_arn(task.resource)) return functions::parse_target(task.resource);
  const auto name = task.input.string_at("FunctionName");
  auto target = name ? functions::parse_target(*name) : std::nullopt;
  const auto qualifier = task.input.string_at("Qualifier");
  if (target && qualifier) target->version = *qualifier;
  return target;
}

asl::Outcome<Call> invoke(const Order& order) {
  const engine::TaskRequest& task = order.task;
  const auto target = called_function(task);
  if (!target)
    return asl::Failure{"States.Runtime", "The parameter FunctionName of lambda:invoke is missing"};
  const bool is_integration = functions::is_invoke_integration(task.resource);
  Call call{.request = {.method = "POST",
                        .url = order.endpoint + path_of(*target, task.execution_arn),
                        .headers = {{"Content-Type", "application/json"}},
                        .limit = answer_limit},
            .signing_name = "lambda",
            .dialect = lambda,
            .read = {}};
  if (is_integration)
    for (http::Header& header : TRY(headers_of(task.input)))
      call.request.headers.push_back(std::move(header));
  call.request.body =
      is_integration ? payload_text(task.input["Payload"]) : json::write(task.input);
  const std::string qualified =
      concat(target->arn(task.execution_arn), target->version == "$LATEST" ? ":$LATEST" : "");
  call.read = [is_integration, qualified](const http::Response& response) -> Outcome {
    if (response.status >= 300) return failure_of_service(response, qualified);
    if (!response.header("X-Amz-Function-Error").empty()) return failure_of_function(response);
    return is_integration ? invocation_result(response) : payload_of(response);
  };
  return call;
}

}  // namespace pawl::integrations
