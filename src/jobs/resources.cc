#include "jobs/resources.h"

#include "base/text.h"
#include "jobs/shown.h"

namespace pawl::jobs {
namespace {

bool is_enabled(const json::Value& shown) { return text_at(shown, "state") == "ENABLED"; }

}  // namespace

Environment::Environment(json::Value of)
    : shown(std::move(of)),
      arn(text_at(shown, "computeEnvironmentArn")),
      name(text_at(shown, "computeEnvironmentName")),
      is_enabled(jobs::is_enabled(shown)),
      vcpus(shown["computeResources"].number_at("maxvCpus").value_or(0)),
      executor(shown["tags"].string_at("pawl:executor").value_or("local")),
      memory_mib(parse_integer(text_at(shown["tags"], "pawl:memory-mib")).value_or(0)) {}

Queue::Queue(json::Value of)
    : shown(std::move(of)),
      arn(text_at(shown, "jobQueueArn")),
      name(text_at(shown, "jobQueueName")),
      is_enabled(jobs::is_enabled(shown)),
      priority(shown.integer_at("priority").value_or(0)),
      policy(text_at(shown, "schedulingPolicyArn")) {
  for (const json::Value& place : elements_at(shown, "computeEnvironmentOrder"))
    environments.push_back(text_at(place, "computeEnvironment"));
}

Policy::Policy(json::Value of)
    : shown(std::move(of)), arn(text_at(shown, "arn")), name(text_at(shown, "name")) {}

// "Share identifiers": one that ends with * stands for all that begin so; the default weight is 1.
double Policy::weight(std::string_view share) const {
  const json::Value policy = shown["fairsharePolicy"];
  for (const json::Value& entry : elements_at(policy, "shareDistribution")) {
    std::string pattern = text_at(entry, "shareIdentifier");
    const bool is_prefix = pattern.ends_with('*');
    if (is_prefix) pattern.pop_back();
    if (is_prefix ? share.starts_with(pattern) : share == pattern)
      return entry.number_at("weightFactor").value_or(1);
  }
  return 1;
}

Definition::Definition(json::Value of)
    : shown(std::move(of)),
      arn(text_at(shown, "jobDefinitionArn")),
      name(text_at(shown, "jobDefinitionName")),
      revision(shown.integer_at("revision").value_or(0)),
      is_active(text_at(shown, "status") == "ACTIVE") {}

}  // namespace pawl::jobs
