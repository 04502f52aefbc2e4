#include "api/states/configuration.h"

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "json/parse.h"

namespace pawl::api::states {
namespace {

using json::Value;

constexpr std::string_view logging = "loggingConfiguration";
constexpr std::string_view tracing = "tracingConfiguration";
constexpr std::string_view encryption = "encryptionConfiguration";

Error invalid(std::string_view name, std::string_view message) {
  return Error(ErrorCode::invalid_argument, concat(name, ": ", message));
}

Result<void> check_logging(const Value& given, std::string_view subject) {
  const Value destinations = given["destinations"];
  const bool is_on = given.string_at("level").value_or("OFF") != "OFF";
  const bool is_one =
      destinations.size() == 1 &&
      destinations.elements()[0]["cloudWatchLogsLogGroup"].string_at("logGroupArn").has_value();
  if ((is_on || destinations.size() > 0) && !is_one)
    return invalid("InvalidLoggingConfiguration",
                   "Invalid Logging Configuration: Must specify exactly one Log Destination.");
  if (is_on)
    log(LogLevel::warning, "a logging configuration is kept, but no log is delivered",
        {{"subject", std::string(subject)}});
  return {};
}

Result<void> check_encryption(const Value& given) {
  if (given.string_at("type").value_or("AWS_OWNED_KEY") == "AWS_OWNED_KEY") return {};
  return invalid("InvalidEncryptionConfiguration",
                 "Invalid Encryption Configuration: CUSTOMER_MANAGED_KMS_KEY is not supported");
}

Value parsed(const std::string& settings) {
  const auto value = json::parse(settings);
  return value.has_value() ? *value : Value::object();
}

Value with_defaults(const Value& given, const Value& defaults) {
  Value all = given.is_object() ? given : Value::object();
  for (const auto& each : defaults.members())
    if (all.find(each.name) == nullptr) all = all.with(each.name, each.value);
  return all;
}

}  // namespace

Result<Value> read_settings(const Value& input, std::string_view arn_or_name) {
  Value settings = Value::object();
  for (const auto name : {logging, tracing, encryption}) {
    const Value* given = input.find(name);
    if (given != nullptr && !given->is_null()) settings = settings.with(name, *given);
  }
  TRY(check_logging(settings[logging], arn_or_name));
  TRY(check_encryption(settings[encryption]));
  if (settings[tracing].boolean_at("enabled").value_or(false))
    log(LogLevel::warning, "a tracing configuration is kept, but no trace is sent",
        {{"subject", std::string(arn_or_name)}});
  return settings;
}

Value encryption_shown(const std::string& settings) {
  return with_defaults(parsed(settings)[encryption], Value::object({{"type", "AWS_OWNED_KEY"}}));
}

Value description(const store::Machine& machine) {
  const Value given = parsed(machine.settings);
  Value::Object members = {
      {"stateMachineArn", machine.arn},
      {"name", machine.name},
      {"status", machine.status},
      {"definition", machine.definition},
      {"roleArn", machine.role_arn},
      {"type", machine.type},
      {"creationDate", epoch_seconds(machine.created)},
      {"loggingConfiguration",
       with_defaults(given[logging],
                     Value::object({{"level", "OFF"}, {"includeExecutionData", false}}))},
      {"tracingConfiguration", with_defaults(given[tracing], Value::object({{"enabled", false}}))},
      {"encryptionConfiguration", encryption_shown(machine.settings)},
  };
  if (!machine.revision_id.empty()) members.push_back({"revisionId", machine.revision_id});
  return members;
}

}  // namespace pawl::api::states
