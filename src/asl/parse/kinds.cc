#include <algorithm>
#include <array>

#include "asl/parse/read.h"
#include "base/text.h"
#include "base/time.h"

namespace pawl::asl::parse {

using json::Value;

namespace {

constexpr double seconds_max = 99'999'999;

// What ErrorPath and CausePath may call: the functions that give a text.
constexpr std::array<std::string_view, 7> text_functions{
    "States.Format",       "States.JsonToString", "States.ArrayGetItem", "States.Base64Encode",
    "States.Base64Decode", "States.Hash",         "States.UUID"};

bool calls_text_function(std::string_view expression) {
  const std::string_view name = expression.substr(0, expression.find('('));
  return std::find(text_functions.begin(), text_functions.end(), trim(name)) !=
         text_functions.end();
}

std::optional<TextOrExpression> read_expression(Fields& fields, std::string_view name) {
  const auto text = fields.text(name);
  if (!text) return std::nullopt;
  if (!text->starts_with('$') && !calls_text_function(*text)) {
    fields.findings().schema(fields.location(name),
                             "Value is neither a Reference Path nor an intrinsic function that "
                             "returns a string");
    return std::nullopt;
  }
  if (text->starts_with('$') && !fields.path(name, PathRule::reference)) return std::nullopt;
  auto compiled = Template::compile_expression(name, *text);
  if (compiled) return TextOrExpression{*std::move(compiled)};
  fields.findings().add(fields.location(name), compiled.error());
  return std::nullopt;
}

std::optional<TextOrExpression> read_text(Fields& fields, std::string_view name) {
  const std::string path_name = concat(name, "Path");
  fields.at_most_one({name, path_name});
  if (fields.is_jsonata()) {
    if (!fields.text(name)) return std::nullopt;
    auto compiled = fields.payload(name);
    if (!compiled) return std::nullopt;
    return TextOrExpression{*std::move(compiled)};
  }
  if (auto literal = fields.text(name)) return TextOrExpression{*std::move(literal)};
  return read_expression(fields, path_name);
}

// What a rule in JSONPath is made of.
constexpr std::string_view choice_operators =
    "Variable And Or Not StringEquals StringLessThan StringGreaterThan StringMatches NumericEquals "
    "NumericLessThan NumericGreaterThan BooleanEquals TimestampEquals IsNull IsPresent IsNumeric "
    "IsString IsBoolean IsTimestamp";

void check_credentials(Fields& fields) {
  const Value* credentials = fields.object("Credentials");
  if (credentials == nullptr) return;
  if (credentials->find("RoleArn") == nullptr && credentials->find("RoleArn.$") == nullptr)
    fields.findings().schema(fields.location("Credentials"),
                             "The field 'RoleArn' is required but was missing");
}

void check_heartbeat(const Task& task, Fields& fields) {
  if (!task.timeout_seconds || !task.heartbeat_seconds) return;
  const auto* timeout = std::get_if<int64_t>(&task.timeout_seconds->value);
  const auto* heartbeat = std::get_if<int64_t>(&task.heartbeat_seconds->value);
  if (timeout != nullptr && heartbeat != nullptr && *heartbeat >= *timeout)
    fields.findings().schema(fields.location("HeartbeatSeconds"),
                             "HeartbeatSeconds must be smaller than TimeoutSeconds");
}

using RuleCondition = decltype(ChoiceRule::condition);

// The comparison of a rule in JSONPath, the Condition of one in JSONata.
std::optional<RuleCondition> read_condition(Fields& rule) {
  if (!rule.is_jsonata()) {
    if (rule.has("Condition") || rule.has("Output")) {
      rule.only_in_language(concat("Next Comment Assign ", choice_operators),
                            {"", "Condition Output"});
      return std::nullopt;
    }
    auto condition = Condition::compile(rule.object());
    if (condition) return RuleCondition(*std::move(condition));
    rule.findings().add(rule.location(), condition.error());
    return std::nullopt;
  }
  rule.only_in_language("Next Comment Assign Condition Output", {choice_operators, ""});
  rule.required({"Condition"});
  const Value* condition = rule.object().find("Condition");
  if (condition == nullptr) return std::nullopt;
  if (condition->is_boolean()) return RuleCondition(condition->boolean());
  if (auto query = rule.query("Condition")) return RuleCondition(*std::move(query));
  if (!condition->is_string() || !Query::is_expression(condition->string()))
    rule.findings().schema(rule.location("Condition"),
                           "Expected value of type Boolean or a JSONata expression");
  return std::nullopt;
}

std::optional<ChoiceRule> read_rule(Fields rule) {
  rule.required({"Next"});
  const auto next = rule.non_empty_text("Next");
  auto condition = read_condition(rule);
  auto assign = read_assign(rule);
  auto output = read_output(rule);
  if (!next || !condition) return std::nullopt;
  return ChoiceRule{*std::move(condition), *next, std::move(assign), std::move(output)};
}

}  // namespace

Pass read_pass(Fields& fields) {
  Pass pass;
  if (const Value* result = fields.object().find("Result")) pass.result = *result;
  return pass;
}

Task read_task(Fields& fields, const Reading& reading) {
  Task task;
  fields.required({"Resource"});
  task.resource = fields.text("Resource").value_or("");
  if (!task.resource.empty() || fields.has("Resource"))
    check_resource(task.resource, fields.location("Resource"), fields.findings());
  if (reading.type == MachineType::express)
    check_express_resource(task.resource, fields.location("Resource"), fields.findings());
  task.waits_for_token = waits_for_token(task.resource);
  task.waits_for_end = waits_for_end(task.resource);
  task.is_activity = is_activity(task.resource);
  task.timeout_seconds = fields.integer_or_path("TimeoutSeconds", {1, seconds_max});
  task.heartbeat_seconds = fields.integer_or_path("HeartbeatSeconds", {1, seconds_max});
  check_heartbeat(task, fields);
  check_credentials(fields);
  task.credentials = fields.payload("Credentials");
  return task;
}

Choice read_choice(Fields& fields) {
  Choice choice;
  fields.required({"Choices"});
  choice.default_next = fields.non_empty_text("Default").value_or("");
  const Value* rules = fields.non_empty_array("Choices");
  if (rules == nullptr) return choice;
  for (size_t at = 0; at < rules->size(); ++at) {
    const Value& rule = rules->elements()[at];
    const std::string location = concat(fields.location("Choices"), "[", at, "]");
    if (!rule.is_object()) {
      fields.findings().schema(location, "Expected value of type Object");
    } else if (auto read = read_rule(fields.inside(rule, location))) {
      choice.rules.push_back(*std::move(read));
    }
  }
  return choice;
}

Wait read_wait(Fields& fields) {
  Wait wait;
  if (!fields.at_most_one({"Seconds", "SecondsPath", "Timestamp", "TimestampPath"}))
    fields.findings().schema(fields.location(),
                             "One of the following fields is required: [Seconds, SecondsPath, "
                             "Timestamp, TimestampPath]");
  wait.seconds_query = fields.query("Seconds");
  wait.timestamp_query = fields.query("Timestamp");
  if (!fields.holds_query("Seconds")) wait.seconds = fields.integer("Seconds", {0, seconds_max});
  wait.seconds_path = fields.path("SecondsPath", PathRule::reference);
  if (!fields.holds_query("Timestamp")) wait.timestamp = fields.text("Timestamp");
  wait.timestamp_path = fields.path("TimestampPath", PathRule::reference);
  if (wait.timestamp && !parse_instant(*wait.timestamp))
    fields.findings().schema(fields.location("Timestamp"),
                             "String does not match RFC3339 timestamp");
  return wait;
}

Fail read_fail(Fields& fields) {
  Fail fail;
  fail.error = read_text(fields, "Error");
  fail.cause = read_text(fields, "Cause");
  return fail;
}

}  // namespace pawl::asl::parse
