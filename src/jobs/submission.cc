#include "jobs/submission.h"

#include <algorithm>

#include "base/text.h"
#include "jobs/container.h"
#include "jobs/shown.h"

namespace pawl::jobs {
namespace {

using json::Value;

constexpr int64_t size_min = 2, size_max = 10'000;
constexpr size_t dependencies_max = 20;
constexpr int64_t attempts_max = 10;
constexpr size_t rules_max = 5, pattern_max = 512;

// Letters, digits, - and _; up to 128, the first a letter or a digit.
bool is_job_name(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (name.empty() || name.size() > 128 || !is_plain(name.front())) return false;
  return std::ranges::all_of(name, [&](char c) { return is_plain(c) || c == '-' || c == '_'; });
}

// The member of the first that has it.
Value either(const Value& first, const Value& second, std::string_view member) {
  const Value* found = first.find(member);
  return found != nullptr && !found->is_null() ? *found : second[member];
}

Value merged_members(const Value& under, const Value& over) {
  Value merged = under.is_object() ? under : Value::object();
  if (over.is_object()) merged = merged.merged(over.members());
  return merged;
}

Result<void> check_array(const Value& request) {
  const Value* size =
      request["arrayProperties"].is_object() ? request.find("arrayProperties") : nullptr;
  if (size == nullptr || size->size() == 0) return {};
  const auto children = size->integer_at("size");
  if (!children || *children < size_min || *children > size_max)
    return refused(concat("Array size must be between ", size_min, " and ", size_max,
                          children == 1 ? ": submit a single job without arrayProperties" : ""));
  return {};
}

Result<void> check_dependencies(const Value& dependencies) {
  if (dependencies.is_null()) return {};
  if (!dependencies.is_array()) return refused("dependsOn must be a list");
  if (dependencies.size() > dependencies_max)
    return refused(concat("a job may depend on ", dependencies_max, " others at most"));
  for (const Value& each : dependencies.elements()) {
    const std::string type = each.string_at("type").value_or("N_TO_N");
    if (type != "N_TO_N" && type != "SEQUENTIAL")
      return refused(concat("dependency type ", type, " is not one of N_TO_N, SEQUENTIAL"));
  }
  return {};
}

Result<void> check_timeout(const Value& timeout) {
  if (timeout.is_null()) return {};
  if (const auto limit = timeout.integer_at("attemptDurationSeconds"); !limit || *limit < 1)
    return refused("timeout.attemptDurationSeconds must be 1 or more");
  return {};
}

// The pattern that a condition of evaluateOnExit is.
Result<void> check_pattern(std::string_view condition, std::string_view pattern) {
  const auto refuse = [&](std::string_view why) {
    return refused(concat("retryStrategy.evaluateOnExit.", condition, " ", why, ": ",
                          pattern.substr(0, pattern_max)));
  };
  if (pattern.size() > pattern_max)
    return refuse(concat("has ", pattern_max, " characters at most"));
  const bool is_prefix = pattern.ends_with('*');
  const std::string_view start = pattern.substr(0, pattern.size() - (is_prefix ? 1 : 0));
  if (start.find('*') != start.npos) return refuse("may only end with *");
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (condition == "onExitCode" && !std::ranges::all_of(start, is_digit))
    return refuse("is a number, or the beginning of one and *");
  return {};
}

// "EvaluateOnExit" in the API reference.
Result<void> check_rule(const Value& rule) {
  const std::string action = rule.string_at("action").value_or("");
  if (lower(action) != "retry" && lower(action) != "exit")
    return refused(concat("retryStrategy.evaluateOnExit.action is RETRY or EXIT, not ", action));
  bool has_condition = false;
  for (const char* condition : {"onStatusReason", "onReason", "onExitCode"}) {
    const std::string pattern = rule.string_at(condition).value_or("");
    has_condition |= !pattern.empty();
    TRY(check_pattern(condition, pattern));
  }
  if (has_condition) return {};
  return refused(
      concat("an entry of retryStrategy.evaluateOnExit has none of onStatusReason, "
             "onReason and onExitCode; onReason * fits every end"));
}

}  // namespace

Result<Value> retry_strategy(const Value& given) {
  const auto attempts = given.integer_at("attempts").value_or(1);
  if (attempts < 1 || attempts > attempts_max)
    return refused(concat("retryStrategy.attempts must be between 1 and ", attempts_max));
  const Value rules = given["evaluateOnExit"].is_array() ? given["evaluateOnExit"] : Value::array();
  if (rules.size() > rules_max)
    return refused(concat("retryStrategy.evaluateOnExit has ", rules_max, " entries at most"));
  if (rules.size() > 0 && !given.integer_at("attempts"))
    return refused("retryStrategy.evaluateOnExit needs retryStrategy.attempts");
  for (const Value& rule : rules.elements()) TRY(check_rule(rule));
  return Value::object({{"attempts", attempts}, {"evaluateOnExit", rules}});
}

Result<Value> resolve(const Jobs& jobs, const Value& request, const Submitter& submitter,
                      Instant now) {
  const std::string name = request.string_at("jobName").value_or("");
  if (!is_job_name(name))
    return refused(concat("jobName '", name, "' must be 1 to 128 letters, digits, - and _"));
  const std::string wanted = request.string_at("jobDefinition").value_or("");
  const Definition* definition = jobs.definition(wanted);
  if (definition == nullptr || !definition->is_active)
    return refused(concat("JobDefinition ", wanted, " not found or not active"));
  const std::string on = request.string_at("jobQueue").value_or("");
  const Queue* queue = jobs.queue(on);
  if (queue == nullptr) return refused(concat("JobQueue ", on, " not found."));
  const Value& made_from = definition->shown;
  const Value retry = TRY(retry_strategy(either(request, made_from, "retryStrategy")));
  const Value timeout = either(request, made_from, "timeout");
  TRY(check_array(request));
  TRY(check_dependencies(request["dependsOn"]));
  TRY(check_timeout(timeout));
  const Value parameters = merged_members(made_from["parameters"], request["parameters"]);
  const Value container = TRY(
      container_of(made_from["containerProperties"], {request["containerOverrides"], parameters}));

  Value::Object shown = {
      {"jobArn",
       concat("arn:aws:batch:", submitter.region, ":", submitter.account, ":job/", submitter.id)},
      {"jobName", name},
      {"jobId", submitter.id},
      {"jobQueue", queue->arn},
      {"jobDefinition", definition->arn},
      {"createdAt", std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count()},
      {"dependsOn", request["dependsOn"].is_array() ? request["dependsOn"] : Value::array()},
      {"parameters", parameters},
      {"retryStrategy", retry},
      {"container", container},
      {"tags", request["tags"].is_object() ? request["tags"] : Value::object()}};
  const auto add = [&](std::string_view member, const Value& value) {
    if (!value.is_null()) shown.push_back({std::string(member), value});
  };
  add("timeout", timeout);
  add("arrayProperties", request["arrayProperties"]);
  add("shareIdentifier", request["shareIdentifier"]);
  add("schedulingPriority", request["schedulingPriorityOverride"].is_integer()
                                ? request["schedulingPriorityOverride"]
                                : made_from["schedulingPriority"]);
  if (!submitter.client_token.empty()) add("clientToken", submitter.client_token);
  return Value(std::move(shown));
}

}  // namespace pawl::jobs
