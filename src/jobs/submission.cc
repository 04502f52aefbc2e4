#include "jobs/submission.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::jobs {
namespace {

using json::Value;

constexpr int64_t size_min = 2, size_max = 10'000;
constexpr size_t dependencies_max = 20;
constexpr int64_t attempts_max = 10;

Error refused(std::string why) {
  return Error(ErrorCode::invalid_argument, concat("ClientException: ", why));
}

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

// Entries of both, by the member that names them; those of `over` win.
Value merged_by(std::string_view key, const Value& under, const Value& over) {
  Value::Array all;
  const auto add = [&](const Value& entries) {
    if (!entries.is_array()) return;
    for (const Value& entry : entries.elements()) {
      const auto same =
          std::ranges::find_if(all, [&](const Value& other) { return other[key] == entry[key]; });
      if (same != all.end())
        *same = entry;
      else
        all.push_back(entry);
    }
  };
  add(under);
  add(over);
  return all;
}

Value merged_members(const Value& under, const Value& over) {
  Value merged = under.is_object() ? under : Value::object();
  if (over.is_object()) merged = merged.merged(over.members());
  return merged;
}

// "Ref::name" as a whole word of the command ("Job definition parameters", Parameters).
Value with_parameters(const Value& command, const Value& parameters) {
  constexpr std::string_view reference = "Ref::";
  if (!command.is_array()) return Value::array();
  Value::Array words;
  for (const Value& word : command.elements()) {
    const bool refers = word.is_string() && word.string().starts_with(reference);
    const Value* found = refers ? parameters.find(word.string().substr(reference.size())) : nullptr;
    words.push_back(found != nullptr ? *found : word);
  }
  return words;
}

Result<void> check_strings(const Value& list, std::string_view what) {
  if (list.is_null()) return {};
  const bool is_right = list.is_array() && std::ranges::all_of(list.elements(), &Value::is_string);
  if (!is_right) return refused(concat(what, " must be a list of texts"));
  for (const Value& word : list.elements())
    if (word.string().find('\0') != std::string_view::npos)
      return refused(concat(what, " must not have a NUL"));
  return {};
}

// A positive number written as text.
Result<void> check_requirement(const Value& required) {
  const std::string type = required.string_at("type").value_or("");
  const auto amount = parse_number(required.string_at("value").value_or(""));
  if (type != "VCPU" && type != "MEMORY")
    return refused(concat("resource requirement ", type, " is not offered; VCPU and MEMORY are"));
  if (!amount || !(*amount > 0) || *amount > 1e9)
    return refused(concat("resource requirement ", type, " must be a number above 0"));
  return {};
}

Result<void> check_variables(const Value& variables) {
  if (!variables.is_array()) return {};
  for (const Value& variable : variables.elements()) {
    const std::string name = variable.string_at("name").value_or("");
    const bool is_whole =
        !name.empty() && name.find_first_of(std::string_view("=\0", 2)) == std::string::npos;
    if (!is_whole || variable.string_at("value").value_or("").find('\0') != std::string::npos)
      return refused(concat("environment variable '", name, "' is not valid"));
    if (name.starts_with("AWS_BATCH"))
      return refused(concat("environment variable ", name,
                            " is reserved: names that begin with AWS_BATCH are the service's"));
  }
  return {};
}

Result<Value> container_of(const Value& definition, const Value& request) {
  const Value properties = definition["containerProperties"];
  const Value overrides = request["containerOverrides"];
  const Value parameters = merged_members(definition["parameters"], request["parameters"]);
  const Value command = either(overrides, properties, "command");
  TRY(check_strings(command, "command"));
  const Value variables = merged_by("name", properties["environment"], overrides["environment"]);
  const Value required =
      merged_by("type", properties["resourceRequirements"], overrides["resourceRequirements"]);
  TRY(check_variables(variables));
  for (const Value& each : required.elements()) TRY(check_requirement(each));
  return merged_members(properties,
                        Value::object({{"command", with_parameters(command, parameters)},
                                       {"environment", variables},
                                       {"resourceRequirements", required}}));
}

Result<void> check_array(const Value& request) {
  const Value* size =
      request["arrayProperties"].is_object() ? request.find("arrayProperties") : nullptr;
  if (size == nullptr || size->size() == 0) return {};
  const auto children = size->integer_at("size");
  if (!children || *children < size_min || *children > size_max)
    return refused(concat("Array size must be between ", size_min, " and ", size_max));
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

Result<void> check_retry(const Value& retry) {
  if (retry.is_null()) return {};
  const auto attempts = retry.integer_at("attempts").value_or(1);
  if (attempts < 1 || attempts > attempts_max)
    return refused(concat("retryStrategy.attempts must be between 1 and ", attempts_max));
  return {};
}

Result<void> check_timeout(const Value& timeout) {
  if (timeout.is_null()) return {};
  if (const auto limit = timeout.integer_at("attemptDurationSeconds"); !limit || *limit < 1)
    return refused("timeout.attemptDurationSeconds must be 1 or more");
  return {};
}

}  // namespace

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
  const Value retry = either(request, made_from, "retryStrategy");
  const Value timeout = either(request, made_from, "timeout");
  TRY(check_array(request));
  TRY(check_dependencies(request["dependsOn"]));
  TRY(check_retry(retry));
  TRY(check_timeout(timeout));
  const Value container = TRY(container_of(made_from, request));

  Value::Object shown = {
      {"jobArn",
       concat("arn:aws:batch:", submitter.region, ":", submitter.account, ":job/", submitter.id)},
      {"jobName", name},
      {"jobId", submitter.id},
      {"jobQueue", queue->arn},
      {"jobDefinition", definition->arn},
      {"createdAt", std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count()},
      {"dependsOn", request["dependsOn"].is_array() ? request["dependsOn"] : Value::array()},
      {"parameters", merged_members(made_from["parameters"], request["parameters"])},
      {"container", container},
      {"tags", request["tags"].is_object() ? request["tags"] : Value::object()}};
  const auto add = [&](std::string_view member, const Value& value) {
    if (!value.is_null()) shown.push_back({std::string(member), value});
  };
  add("retryStrategy", retry);
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
