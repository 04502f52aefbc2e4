#include "api/batch/compute_environments.h"

#include "base/text.h"

namespace pawl::api::batch {
namespace {

Result<void> check_places(const json::Value& tags) {
  const auto executor = tags.string_at(executor_tag);
  if (executor && *executor != "local" && *executor != "slurm")
    return refused(concat("the tag ", executor_tag, " is local or slurm, not ", *executor));
  const auto memory = tags.string_at(memory_tag);
  const auto mib = parse_integer(memory.value_or("1"));
  if (!mib || *mib < 1)
    return refused(concat("the tag ", memory_tag, " is a whole number above zero, not ", *memory));
  return {};
}

}  // namespace

Result<void> check_environment(const json::Value& shown) {
  const json::Value resources = shown["computeResources"];
  const int64_t least = resources.integer_at("minvCpus").value_or(0);
  const int64_t most = resources.integer_at("maxvCpus").value_or(0);
  if (least > most)
    return refused(concat("computeResources.minvCpus (", least,
                          ") must not be above computeResources.maxvCpus (", most, ")"));
  const auto desired = resources.integer_at("desiredvCpus");
  if (desired && (*desired < least || *desired > most))
    return refused(concat("computeResources.desiredvCpus (", *desired,
                          ") must be between minvCpus and maxvCpus (", least, " to ", most, ")"));
  return check_places(shown["tags"]);
}

Result<const jobs::Environment*> environment_of(const Call& call) {
  const std::string name = call.input.string_at("computeEnvironment").value_or("");
  if (const auto* found = call.jobs.environment(name)) return found;
  return refused(concat("compute environment ", name, " does not exist"));
}

}  // namespace pawl::api::batch
