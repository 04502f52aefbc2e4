#include "api/batch/members.h"
#include "jobs/describe.h"

namespace pawl::api::batch {

Result<json::Value> describe_compute_environments(const Call& call) {
  std::vector<json::Value> rows;
  for (const json::Value& shown :
       wanted(call, {"computeEnvironments", jobs::ResourceKind::environment}))
    rows.push_back(jobs::described(call.jobs, jobs::Environment(shown)));
  return page_of(call, {"computeEnvironments", "computeEnvironmentArn"}, rows);
}

}  // namespace pawl::api::batch
