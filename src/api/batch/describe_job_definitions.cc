#include <algorithm>

#include "api/batch/members.h"
#include "base/text.h"

namespace pawl::api::batch {
namespace {

using json::Value;

constexpr std::string_view key = "jobDefinitionArn";

// "name" stands for all revisions.
bool is_named(const jobs::Definition& definition, std::span<const Value> names) {
  return names.empty() || std::ranges::any_of(names, [&](const Value& each) {
           const std::string_view name = each.string();
           return name == definition.arn || name == definition.name ||
                  name == concat(definition.name, ":", definition.revision);
         });
}

}  // namespace

Result<Value> describe_job_definitions(const Call& call) {
  const auto names = elements_of(call.input, "jobDefinitions");
  const std::string name = call.input.string_at("jobDefinitionName").value_or("");
  const std::string status = call.input.string_at("status").value_or("");
  std::vector<Value> rows;
  for (const Value& shown : call.jobs.shown(jobs::ResourceKind::definition)) {
    const jobs::Definition definition(shown);
    if (!is_named(definition, names)) continue;
    if (!name.empty() && definition.name != name) continue;
    if (!status.empty() && shown["status"] != status) continue;
    rows.push_back(shown);
  }
  return page_of(call, {"jobDefinitions", key}, rows);
}

}  // namespace pawl::api::batch
