#include "api/batch/job_queues.h"
#include "base/text.h"

namespace pawl::api::batch {

Result<json::Value> delete_job_queue(const Call& call) {
  const jobs::Queue* queue = TRY(queue_of(call));
  if (queue->is_enabled)
    return refused(concat("Cannot delete, job queue ", queue->name,
                          " is ENABLED: update its state to DISABLED first"));
  TRY(call.jobs.remove(jobs::ResourceKind::queue, std::string(queue->arn)));
  return json::Value::object();
}

}  // namespace pawl::api::batch
