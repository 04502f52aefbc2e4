#include "api/batch/job_queues.h"

#include <map>
#include <set>

#include "api/batch/members.h"
#include "base/text.h"

namespace pawl::api::batch {

using json::Value;

Result<const jobs::Queue*> queue_of(const Call& call) {
  const std::string name = call.input.string_at("jobQueue").value_or("");
  if (const auto* found = call.jobs.queue(name)) return found;
  return refused(concat("job queue ", name, " does not exist"));
}

Result<Value> environment_order(const Call& call) {
  std::map<int64_t, Value> in_order;
  std::set<std::string> seen;
  for (const Value& place : elements_of(call.input, "computeEnvironmentOrder")) {
    const std::string name = place.string_at("computeEnvironment").value_or("");
    const auto* environment = call.jobs.environment(name);
    if (environment == nullptr)
      return refused(concat("compute environment ", name, " does not exist"));
    const int64_t order = place.integer_at("order").value_or(0);
    const bool is_new = seen.insert(environment->arn).second;
    if (!is_new || in_order.contains(order))
      return refused(concat("computeEnvironmentOrder names ", is_new ? "order " : "",
                            is_new ? concat(order) : environment->name, " twice"));
    in_order[order] = Value::object({{"order", order}, {"computeEnvironment", environment->arn}});
  }
  Value::Array shown;
  for (const auto& [order, place] : in_order) shown.push_back(place);
  return Value(std::move(shown));
}

}  // namespace pawl::api::batch
