#include "api/batch/members.h"
#include "base/text.h"

namespace pawl::api::batch {
namespace {

using json::Value;

constexpr double weight_least = 0.0001, weight_most = 999.9999;

Result<void> check_shares(const Value& policy) {
  if (!policy.is_object()) return {};
  for (const Value& share : elements_of(policy, "shareDistribution")) {
    const double weight = share.number_at("weightFactor").value_or(1);
    if (weight < weight_least || weight > weight_most)
      return refused(concat("fairsharePolicy.shareDistribution.weightFactor must be between ",
                            weight_least, " and ", weight_most, ", not ", weight));
  }
  return {};
}

Result<const jobs::Policy*> policy_of(const Call& call) {
  const std::string arn = call.input.string_at("arn").value_or("");
  if (const auto* found = call.jobs.policy(arn)) return found;
  return refused(concat("scheduling policy ", arn, " does not exist"));
}

}  // namespace

Result<Value> create_scheduling_policy(const Call& call) {
  const Value& input = call.input;
  const std::string name = input.string_at("name").value_or("");
  const std::string arn = call.place.arn("scheduling-policy", name);
  if (call.jobs.policy(arn) != nullptr)
    return refused(concat("Object already exists: scheduling policy ", name));
  TRY(check_tags(input["tags"]));
  TRY(check_shares(input["fairsharePolicy"]));
  const Value none = Value::object();
  TRY(call.jobs.put(
      jobs::ResourceKind::policy,
      Value::object({{"name", name},
                     {"arn", arn},
                     {"fairsharePolicy",
                      input["fairsharePolicy"].is_object() ? input["fairsharePolicy"] : none},
                     {"tags", input["tags"].is_object() ? input["tags"] : none}})));
  return Value::object({{"name", name}, {"arn", arn}});
}

Result<Value> update_scheduling_policy(const Call& call) {
  const jobs::Policy* policy = TRY(policy_of(call));
  TRY(check_shares(call.input["fairsharePolicy"]));
  constexpr std::string_view changed[] = {"fairsharePolicy"};
  TRY(call.jobs.put(jobs::ResourceKind::policy, policy->shown.merged(given(call.input, changed))));
  return Value::object();
}

Result<Value> delete_scheduling_policy(const Call& call) {
  const jobs::Policy* policy = TRY(policy_of(call));
  TRY(call.jobs.remove(jobs::ResourceKind::policy, std::string(policy->arn)));
  return Value::object();
}

Result<Value> describe_scheduling_policies(const Call& call) {
  Value::Array found;
  for (const Value& arn : elements_of(call.input, "arns"))
    if (const auto* policy = call.jobs.policy(arn.string())) found.push_back(policy->shown);
  return Value::object({{"schedulingPolicies", std::move(found)}});
}

Result<Value> list_scheduling_policies(const Call& call) {
  std::vector<Value> rows;
  for (const Value& shown : call.jobs.shown(jobs::ResourceKind::policy))
    rows.push_back(Value::object({{"arn", shown["arn"]}}));
  return page_of(call, {"schedulingPolicies", "arn"}, rows);
}

}  // namespace pawl::api::batch
