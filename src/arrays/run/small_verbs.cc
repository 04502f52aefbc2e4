#include <unistd.h>

#include <algorithm>
#include <thread>

#include "arrays/run/run_files.h"
#include "arrays/run/verbs.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

using json::Value;

Value shown(const JobStanding& job) {
  Value::Array failed;
  for (const int64_t node : job.failed_nodes) failed.push_back(node);
  return Value::object({{"job_id", job.id},
                        {"job_name", job.name},
                        {"status", job.status},
                        {"size", job.size},
                        {"running", job.running},
                        {"succeeded", job.succeeded},
                        {"failed", job.failed},
                        {"failed_nodes", std::move(failed)},
                        {"reason", job.reason}});
}

// The worst of its jobs; empty where none was submitted yet.
std::string status_of(const std::vector<JobStanding>& jobs) {
  bool has_failed = false;
  for (const JobStanding& job : jobs) {
    if (!job.has_ended) return "RUNNING";
    has_failed = has_failed || job.failed > 0;
  }
  if (jobs.empty()) return {};
  return has_failed ? "FAILED" : "SUCCEEDED";
}

// From the volume, or from its bucket where it was cleaned up.
Result<Run> any_run(const Services& services, const std::string& name) {
  auto run = read_run(services, name);
  if (run) return run;
  return TRY(find_kept_run(services, name)).run;
}

}  // namespace

Result<std::string> run_name_of(const Value& event) {
  const auto name = event.string_at("run");
  if (!name || name->empty()) return Error(ErrorCode::invalid_argument, "'run' must name a run");
  return *name;
}

Result<Value> show(const Services& services, functions::Call& call) {
  const std::string name = TRY(run_name_of(call.event));
  const auto jobs = TRY(services.jobs_of(run_directory(services, name)));
  Value::Array shown_jobs;
  for (const JobStanding& job : jobs) shown_jobs.push_back(shown(job));
  Value out = Value::object({{"run", name}, {"jobs_status", status_of(jobs)}});
  if (const auto run = any_run(services, name)) {
    const auto planned = static_cast<int64_t>(run->steps.size() * run->split.slices().size());
    out = out.merged(run->shown().members()).with("jobs_planned", planned);
  }
  return out.with("jobs", std::move(shown_jobs));
}

Result<Value> site(const Services& services, functions::Call& call) {
  Value::Array missing;
  TRY(world::make_directories(services.settings.volume, 0755));
  if (::access(services.settings.volume.c_str(), W_OK) != 0)
    missing.push_back(concat("the volume ", services.settings.volume, " cannot be written"));
  if (::access(services.settings.worker.c_str(), X_OK) != 0)
    missing.push_back(concat("the worker ", services.settings.worker, " is not there"));
  const std::string bucket = call.event.string_at("bucket").value_or("arrays");
  const bool makes_bucket = call.event.boolean_at("make_bucket").value_or(false);
  if (!bucket_directory(services, bucket) && makes_bucket) {
    const auto made = services.buckets.create(bucket);
    if (!made) missing.push_back(concat("the bucket ", bucket, ": ", made.error().message));
  }
  if (const auto found = bucket_directory(services, bucket); !found)
    missing.push_back(found.error().text());
  return Value::object({{"volume", services.settings.volume},
                        {"worker", services.settings.worker},
                        {"bucket", bucket},
                        {"cpus", std::max(1U, std::thread::hardware_concurrency())},
                        {"missing", std::move(missing)}});
}

}  // namespace pawl::arrays
