#include "integrations/json_services.h"

#include <algorithm>
#include <array>

#include "base/arn.h"
#include "base/hash.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::integrations {
namespace {

using json::Value;

constexpr Dialect second(std::string_view name, std::string_view general) {
  return {name, name, general, true};
}

constexpr std::array services{
    JsonService{"dynamodb",
                "dynamodb",
                "DynamoDB_20120810",
                "1.0",
                "dynamodb",
                {"DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"},
                second("DynamoDb", "DynamoDbException"),
                "getItem putItem updateItem deleteItem"},
    JsonService{"events",
                "eventbridge",
                "AWSEvents",
                "1.1",
                "events",
                {"EventBridge", "AmazonEventBridge", "AmazonEventBridgeException"},
                second("EventBridge", "EventBridgeException"),
                "putEvents"},
    JsonService{"kinesis",
                "kinesis",
                "Kinesis_20131202",
                "1.1",
                "kinesis",
                {},
                second("Kinesis", "KinesisException"),
                ""},
    JsonService{"kms", "kms", "TrentService", "1.1", "kms", {}, second("Kms", "KmsException"), ""},
    JsonService{"secretsmanager",
                "secretsmanager",
                "secretsmanager",
                "1.1",
                "secretsmanager",
                {},
                second("SecretsManager", "SecretsManagerException"),
                ""},
    JsonService{"sqs",
                "sqs",
                "AmazonSQS",
                "1.0",
                "sqs",
                {"SQS", "AmazonSQS", "AmazonSQSException"},
                second("Sqs", "SqsException"),
                "sendMessage"},
    JsonService{"ssm", "ssm", "AmazonSSM", "1.1", "ssm", {}, second("Ssm", "SsmException"), ""},
    JsonService{"states",
                "sfn",
                "AWSStepFunctions",
                "1.0",
                "states",
                {},
                second("Sfn", "SfnException"),
                "",
                true},
};

std::string_view name_in(const JsonService& service, bool is_sdk) {
  return is_sdk ? service.sdk_name : service.endpoint;
}

bool has_own(const JsonService& service, std::string_view action) {
  const auto actions = split(service.own_actions, ' ');
  return std::find(actions.begin(), actions.end(), action) != actions.end();
}

// "putItem" as the API writes it: "PutItem".
std::string with_capital(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 32);
  return out;
}

std::string with_small(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] + 32);
  return out;
}

// The value with every member renamed.
Value renamed(const Value& value, std::string (*rename)(std::string_view)) {
  if (value.is_array()) {
    Value::Array elements;
    for (const Value& element : value.elements()) elements.push_back(renamed(element, rename));
    return elements;
  }
  if (!value.is_object()) return value;
  Value::Object members;
  for (const auto& [name, member] : value.members())
    members.push_back({rename(name), renamed(member, rename)});
  return members;
}

// Step Functions sends moments as numbers; its SDK answers with texts.
Value with_moments(std::string_view name, const Value& value) {
  const bool is_moment = name.ends_with("Date") || name == "Timestamp";
  if (value.is_number() && is_moment) {
    const auto since_1970 = std::chrono::duration<double>(value.real());
    return format_instant(Instant(std::chrono::duration_cast<Duration>(since_1970)));
  }
  if (value.is_array()) {
    Value::Array elements;
    for (const Value& element : value.elements()) elements.push_back(with_moments("", element));
    return elements;
  }
  if (!value.is_object()) return value;
  Value::Object members;
  for (const auto& [member, held] : value.members())
    members.push_back({member, with_moments(member, held)});
  return members;
}

// What is null is not sent, as if it had not been given.
Value without_nulls(const Value& parameters) {
  if (!parameters.is_object()) return Value::object();
  Value::Object members;
  for (const auto& member : parameters.members())
    if (!member.value.is_null()) members.push_back(member);
  return members;
}

// An event tells which execution it is of: the service's own integration adds that.
Value with_origin(const Value& entry, std::string_view execution_arn) {
  Value event = entry;
  if (!event.is_object()) return event;
  if (event.find("Detail") != nullptr) event = event.with("Detail", as_text(event["Detail"]));
  Value::Array resources;
  if (const Value* given = event.find("Resources"); given != nullptr && given->is_array())
    resources.assign(given->elements().begin(), given->elements().end());
  resources.push_back(execution_arn);
  // arn:aws:states:<region>:<account>:execution:<machine>:<name>
  const Arn arn = parse_arn(execution_arn).value_or(Arn());
  if (const auto pieces = arn.resource_pieces(); pieces.size() > 1)
    resources.push_back(concat("arn:", arn.partition, ":states:", arn.region, ":", arn.account,
                               ":stateMachine:", pieces[1]));
  return event.with("Resources", std::move(resources));
}

asl::Outcome<Value> own_parameters(const JsonService& service, const Order& order) {
  Value parameters = without_nulls(order.task.input);
  if (service.endpoint == "sqs") {
    const Value body = as_text(parameters["MessageBody"]);
    if (parameters.find("MessageBody") == nullptr || body.string().empty())
      return failure(service.own, Fault{"MissingParameter",
                                        "The request must contain the parameter MessageBody.", 400,
                                        sha256(order.task.id).substr(0, 32)});
    parameters = parameters.with("MessageBody", body);
  }
  if (const Value* entries = parameters.find("Entries");
      service.endpoint == "events" && entries != nullptr && entries->is_array()) {
    Value::Array events;
    for (const Value& entry : entries->elements())
      events.push_back(with_origin(entry, order.task.execution_arn));
    parameters = parameters.with("Entries", std::move(events));
  }
  return parameters;
}

Fault fault_of(const http::Response& response) {
  const auto parsed = json::parse(response.body);
  const Value body = parsed ? *parsed : Value::object();
  const std::string_view header = response.header("x-amzn-ErrorType");
  std::string code = body.string_at("__type").value_or(std::string(header));
  code.erase(0, code.rfind('#') + 1);
  return {code.substr(0, code.find(':')),
          body.string_at("message").value_or(body.string_at("Message").value_or("")),
          response.status, std::string(response.header("x-amzn-RequestId"))};
}

// Some entries may be refused though the request as a whole was taken.
Outcome with_all_entries(const Value& output) {
  if (output.integer_at("FailedEntryCount").value_or(0) == 0) return output;
  return asl::Failure{"EventBridge.FailedEntry", json::write(output)};
}

Outcome read_answer(const JsonService& service, bool is_sdk, const http::Response& response) {
  const Dialect& dialect = is_sdk ? service.sdk : service.own;
  if (response.status >= 300) return failure(dialect, fault_of(response));
  auto output = json::parse(response.body.empty() ? "{}" : std::string_view(response.body));
  if (!output) return failure(dialect, std::move(output).error().within("the answer"));
  if (is_sdk)
    return service.has_small_names ? with_moments("", renamed(*output, with_capital)) : *output;
  if (service.endpoint == "events") (void)TRY(with_all_entries(*output));
  return with_metadata(*output, response);
}

}  // namespace

std::span<const JsonService> json_services() { return services; }

const JsonService* json_service(const Resource& resource) {
  for (const JsonService& service : services) {
    if (resource.service != name_in(service, resource.is_sdk)) continue;
    if (resource.is_sdk || has_own(service, resource.action)) return &service;
  }
  return nullptr;
}

asl::Outcome<Call> json_call(const JsonService& service, const Resource& resource,
                             const Order& order) {
  Value parameters =
      resource.is_sdk ? without_nulls(order.task.input) : TRY(own_parameters(service, order));
  if (service.has_small_names) parameters = renamed(parameters, with_small);
  const bool is_sdk = resource.is_sdk;
  return Call{
      .request = {.method = "POST",
                  .url = order.endpoint + "/",
                  .headers = {{"Content-Type", concat("application/x-amz-json-", service.version)},
                              {"X-Amz-Target",
                               concat(service.target, ".", with_capital(resource.action))}},
                  .body = json::write(parameters)},
      .signing_name = service.signing_name,
      .dialect = is_sdk ? service.sdk : service.own,
      .read = [&service, is_sdk](const http::Response& response) {
        return read_answer(service, is_sdk, response);
      }};
}

}  // namespace pawl::integrations
