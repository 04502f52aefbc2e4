#include "api/batch/members.h"
#include "jobs/describe.h"

namespace pawl::api::batch {

// What nobody knows is left out, as the service does it.
Result<json::Value> describe_jobs(const Call& call) {
  json::Value::Array found;
  for (const json::Value& id : elements_of(call.input, "jobs")) {
    std::string_view name = id.string();
    const auto slash = name.rfind('/');
    if (name.starts_with("arn:") && slash != name.npos) name.remove_prefix(slash + 1);
    if (const jobs::Target target = call.jobs.find(name); target.job != nullptr)
      found.push_back(jobs::described(target));
  }
  return json::Value::object({{"jobs", std::move(found)}});
}

}  // namespace pawl::api::batch
