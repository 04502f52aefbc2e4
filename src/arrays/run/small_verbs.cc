#include "arrays/run/run_files.h"
#include "arrays/run/verbs.h"
#include "base/text.h"

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
    if (!publishes(run->steps))
      out = out.with("bucket", nullptr).with("directory", run_directory(services, name));
  }
  return out.with("jobs", std::move(shown_jobs));
}

}  // namespace pawl::arrays
