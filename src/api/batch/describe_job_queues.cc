#include "api/batch/members.h"

namespace pawl::api::batch {

Result<json::Value> describe_job_queues(const Call& call) {
  return page_of(call, {"jobQueues", "jobQueueArn"},
                 wanted(call, {"jobQueues", jobs::ResourceKind::queue}));
}

}  // namespace pawl::api::batch
