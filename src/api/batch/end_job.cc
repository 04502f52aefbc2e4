#include "api/batch/call.h"
#include "base/text.h"

namespace pawl::api::batch {
namespace {

using End = void (jobs::Jobs::*)(std::string_view, const std::string&, Instant);

// The service forgives a job that has ended; one that nobody knows is a mistake.
Result<json::Value> end(const Call& call, End how) {
  const std::string id = call.input.string_at("jobId").value_or("");
  if (call.jobs.find(id).job == nullptr) return refused(concat("Job ", id, " does not exist"));
  (call.jobs.*how)(id, call.input.string_at("reason").value_or(""), call.now);
  return json::Value::object();
}

}  // namespace

Result<json::Value> cancel_job(const Call& call) { return end(call, &jobs::Jobs::cancel); }

Result<json::Value> terminate_job(const Call& call) { return end(call, &jobs::Jobs::terminate); }

}  // namespace pawl::api::batch
