#include "api/batch/members.h"
#include "base/text.h"
#include "jobs/submission.h"

namespace pawl::api::batch {
namespace {

using json::Value;

// "If the job queue has a scheduling policy, then you must specify a share identifier."
Result<void> check_share(const Value& input, const jobs::Queue& queue) {
  const bool has_share = input.find("shareIdentifier") != nullptr;
  if (has_share == !queue.policy.empty()) return {};
  return refused(concat("the job queue ", queue.name, has_share ? " has no" : " has a",
                        " scheduling policy, so shareIdentifier ",
                        has_share ? "cannot be given" : "must be given"));
}

}  // namespace

Result<Value> submit_job(const Call& call) {
  const Value& input = call.input;
  TRY(check_texts(input["parameters"], "parameters"));
  TRY(check_tags(input["tags"]));
  const jobs::Submitter submitter{call.fresh_id, call.place.account, call.place.region,
                                  call.client_token};
  const Value shown = TRY(jobs::resolve(call.jobs, input, submitter, call.now));
  TRY(check_timeout(shown["timeout"], call.place));
  TRY(check_share(input, *call.jobs.queue(shown["jobQueue"].string())));
  const jobs::Specification& submitted =
      call.jobs.find(TRY(call.jobs.submit(shown, call.now))).job->specification;
  return Value::object(
      {{"jobArn", submitted.arn}, {"jobName", submitted.name}, {"jobId", submitted.id}});
}

}  // namespace pawl::api::batch
