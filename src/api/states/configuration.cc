#include "api/states/configuration.h"

#include "base/text.h"
#include "base/time.h"

namespace pawl::api::states {
namespace {

using json::Value;

Error unsupported(std::string_view name, std::string_view what) {
  return Error(ErrorCode::unsupported,
               concat("ValidationException: ", name, ": ", what, " is not supported"));
}

}  // namespace

Result<void> check_configuration(const Value& input) {
  const Value logging = input["loggingConfiguration"];
  const auto level = logging.string_at("level").value_or("OFF");
  if (level != "OFF") return unsupported("loggingConfiguration", concat("level ", level));
  if (logging["destinations"].size() > 0)
    return unsupported("loggingConfiguration", "destinations");
  if (input["tracingConfiguration"].boolean_at("enabled").value_or(false))
    return unsupported("tracingConfiguration", "enabled");
  const auto type = input["encryptionConfiguration"].string_at("type").value_or("AWS_OWNED_KEY");
  if (type != "AWS_OWNED_KEY") return unsupported("encryptionConfiguration", concat("type ", type));
  return {};
}

Value description(const store::Machine& machine) {
  return Value::object({
      {"stateMachineArn", machine.arn},
      {"name", machine.name},
      {"status", machine.status},
      {"definition", machine.definition},
      {"roleArn", machine.role_arn},
      {"type", machine.type},
      {"creationDate", epoch_seconds(machine.created)},
      {"loggingConfiguration", Value::object({{"level", "OFF"}, {"includeExecutionData", false}})},
      {"tracingConfiguration", Value::object({{"enabled", false}})},
      {"encryptionConfiguration", Value::object({{"type", "AWS_OWNED_KEY"}})},
  });
}

}  // namespace pawl::api::states
