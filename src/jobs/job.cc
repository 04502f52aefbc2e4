#include "jobs/job.h"

#include <cmath>

#include "base/text.h"
#include "jobs/shown.h"

namespace pawl::jobs {
namespace {

constexpr int64_t children_max = 10'000;
constexpr int32_t no_child = -1;  // which no job has: such a dependency is refused

Dependency dependency_of(const json::Value& shown) {
  Dependency dependency;
  const std::string kind = text_at(shown, "type"), id = text_at(shown, "jobId");
  if (kind == "N_TO_N") dependency.kind = Dependency::Kind::n_to_n;
  if (kind == "SEQUENTIAL") dependency.kind = Dependency::Kind::sequential;
  const auto colon = id.find(':');
  dependency.job_id = id.substr(0, colon);
  if (colon != id.npos) {
    const auto index = parse_integer(id.substr(colon + 1));
    const bool is_one = index && *index >= 0 && *index < children_max;
    dependency.index = is_one ? static_cast<int32_t>(*index) : no_child;
  }
  return dependency;
}

RetryStrategy strategy_of(const json::Value& shown) {
  RetryStrategy strategy;
  strategy.attempts = static_cast<int32_t>(shown.integer_at("attempts").value_or(1));
  for (const json::Value& rule : elements_at(shown, "evaluateOnExit"))
    strategy.rules.push_back({text_at(rule, "onStatusReason"), text_at(rule, "onReason"),
                              text_at(rule, "onExitCode"),
                              lower(text_at(rule, "action")) == "retry"});
  return strategy;
}

// "VCPU" or "MEMORY" of the container.
std::optional<double> requirement(const json::Value& container, std::string_view type) {
  for (const json::Value& required : elements_at(container, "resourceRequirements"))
    if (text_at(required, "type") == type) return parse_number(text_at(required, "value"));
  return std::nullopt;
}

Instant instant_of(int64_t milliseconds_since_epoch) {
  return Instant(milliseconds(milliseconds_since_epoch));
}

}  // namespace

Specification::Specification(json::Value of)
    : shown(std::move(of)),
      id(text_at(shown, "jobId")),
      arn(text_at(shown, "jobArn")),
      name(text_at(shown, "jobName")),
      queue_arn(text_at(shown, "jobQueue")),
      definition_arn(text_at(shown, "jobDefinition")),
      size(static_cast<int32_t>(shown["arrayProperties"].integer_at("size").value_or(0))),
      retry(strategy_of(shown["retryStrategy"])),
      share(text_at(shown, "shareIdentifier")),
      scheduling_priority(shown.integer_at("schedulingPriority").value_or(0)),
      client_token(text_at(shown, "clientToken")),
      created(instant_of(shown.integer_at("createdAt").value_or(0))) {
  const json::Value container = shown["container"];
  for (const json::Value& dependency : elements_at(shown, "dependsOn"))
    dependencies.push_back(dependency_of(dependency));
  for (const json::Value& word : elements_at(container, "command"))
    if (word.is_string()) command.emplace_back(word.string());
  for (const json::Value& variable : elements_at(container, "environment"))
    environment.push_back(concat(text_at(variable, "name"), "=", text_at(variable, "value")));
  vcpus = requirement(container, "VCPU").value_or(1);
  memory_mib = std::llround(requirement(container, "MEMORY").value_or(0));
  if (const auto limit = shown["timeout"].integer_at("attemptDurationSeconds"))
    time_limit = seconds(*limit);
}

Job::Job(int64_t of, Specification with)
    : number(of),
      specification(std::move(with)),
      children(static_cast<size_t>(std::max(1, specification.size))) {
  for (Child& child : children) child.since = specification.created;
  counts[static_cast<size_t>(Status::pending)] = static_cast<int32_t>(children.size());
}

}  // namespace pawl::jobs
