#include "schedules/definition.h"

#include <array>

#include "base/arn.h"
#include "base/text.h"
#include "json/parse.h"
#include "schedules/times/expression.h"
#include "schedules/times/zone.h"

namespace pawl::schedules {
namespace {

using json::Value;

constexpr std::array<std::string_view, 3> policy_names = {"NONE", "LAST", "ALL"};

Error invalid(std::string message, std::string hint = {}) {
  return Error(ErrorCode::invalid_argument, std::move(message), std::move(hint));
}

std::optional<Instant> moment_at(const Value& shown, std::string_view name) {
  const auto time = shown.number_at(name);
  if (!time) return std::nullopt;
  return Instant(std::chrono::round<milliseconds>(std::chrono::duration<double>(*time)));
}

Result<void> check_offered(const Value& shown) {
  TRY(check_group(shown));
  if (shown.find("KmsKeyArn") != nullptr)
    return invalid("KmsKeyArn is not offered: schedules are kept in the server's own store");
  const Value target = shown["Target"];
  for (const char* member : {"DeadLetterConfig", "EcsParameters", "EventBridgeParameters",
                             "KinesisParameters", "SageMakerPipelineParameters", "SqsParameters"})
    if (target.find(member) != nullptr)
      return invalid(concat("Target.", member, " is not offered"),
                     "A schedule starts a state machine.");
  return {};
}

Result<void> read_window(const Value& window, Definition& into) {
  const bool is_flexible = window.string_at("Mode") == "FLEXIBLE";
  const auto length = window.integer_at("MaximumWindowInMinutes");
  if (is_flexible != length.has_value())
    return invalid(
        "FlexibleTimeWindow has MaximumWindowInMinutes where its Mode is FLEXIBLE, and only there");
  into.window = minutes(length.value_or(0));
  return {};
}

Result<void> read_target(const Value& target, Definition& into) {
  into.target_arn = target.string_at("Arn").value_or("");
  into.role_arn = target.string_at("RoleArn").value_or("");
  const auto arn = parse_arn(into.target_arn);
  if (!arn) return invalid(concat("Target.Arn is no ARN: ", into.target_arn));
  if (arn->service != "states" || !arn->resource.starts_with("stateMachine:"))
    return invalid(concat("the target ", into.target_arn, " is not offered"),
                   "A schedule starts a state machine; one state that calls the function will do.");
  into.input = target.string_at("Input").value_or("{}");
  const auto input = json::parse(into.input);
  if (!input) return invalid(concat("Target.Input is no JSON: ", input.error().message()));
  const Value retry = target["RetryPolicy"];
  into.retries_max = retry.integer_at("MaximumRetryAttempts").value_or(into.retries_max);
  if (const auto age = retry.integer_at("MaximumEventAgeInSeconds")) into.age_max = seconds(*age);
  return {};
}

CatchUp policy_of(const Value& shown, CatchUp otherwise) {
  const auto asked = shown.string_at("CatchUp");
  for (size_t at = 0; at < policy_names.size(); ++at)
    if (asked == policy_names[at]) return static_cast<CatchUp>(at);
  return otherwise;
}

}  // namespace

std::string_view name(CatchUp policy) { return policy_names[static_cast<size_t>(policy)]; }

Result<void> check_group(const Value& input) {
  const std::string group = input.string_at("GroupName").value_or("default");
  if (group == "default") return {};
  return Error(ErrorCode::not_found,
               concat("ResourceNotFoundException: Schedule group ", group, " does not exist."),
               "There is one group, default.");
}

Result<Definition> parse_definition(const Value& shown, CatchUp before) {
  TRY(check_offered(shown));
  Definition definition;
  definition.name = shown.string_at("Name").value_or("");
  definition.description = shown.string_at("Description").value_or("");
  definition.expression = shown.string_at("ScheduleExpression").value_or("");
  definition.timezone = shown.string_at("ScheduleExpressionTimezone").value_or("UTC");
  definition.is_enabled = shown.string_at("State").value_or("ENABLED") == "ENABLED";
  definition.start = moment_at(shown, "StartDate");
  definition.end = moment_at(shown, "EndDate");
  definition.is_deleted_when_over = shown.string_at("ActionAfterCompletion") == "DELETE";
  definition.catch_up = policy_of(shown, before);
  TRY(read_window(shown["FlexibleTimeWindow"], definition));
  TRY(read_target(shown["Target"], definition));
  TRY(parse_expression(definition.expression));
  TRY(Zone::find(definition.timezone));
  if (definition.start && definition.end && *definition.start >= *definition.end)
    return invalid("EndDate is not after StartDate");
  return definition;
}

Value Definition::to_json() const {
  Value::Object window_members = {{"Mode", window == Duration() ? "OFF" : "FLEXIBLE"}};
  if (window != Duration())
    window_members.push_back(
        {"MaximumWindowInMinutes", std::chrono::floor<minutes>(window).count()});
  auto shown = Value::object(
      {{"Name", name},
       {"GroupName", "default"},
       {"State", is_enabled ? "ENABLED" : "DISABLED"},
       {"ScheduleExpression", expression},
       {"ScheduleExpressionTimezone", timezone},
       {"FlexibleTimeWindow", std::move(window_members)},
       {"Target", Value::object({{"Arn", target_arn},
                                 {"RoleArn", role_arn},
                                 {"Input", input},
                                 {"RetryPolicy",
                                  Value::object({{"MaximumEventAgeInSeconds",
                                                  std::chrono::floor<seconds>(age_max).count()},
                                                 {"MaximumRetryAttempts", retries_max}})}})},
       {"ActionAfterCompletion", is_deleted_when_over ? "DELETE" : "NONE"},
       {"CatchUp", schedules::name(catch_up)}});
  if (!description.empty()) shown = shown.with("Description", description);
  if (start) shown = shown.with("StartDate", epoch_seconds(*start));
  if (end) shown = shown.with("EndDate", epoch_seconds(*end));
  return shown;
}

}  // namespace pawl::schedules
