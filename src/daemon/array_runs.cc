#include "daemon/array_runs.h"

#include <algorithm>
#include <future>
#include <optional>

#include "base/text.h"
#include "daemon/config_checks.h"

namespace pawl::daemon {
namespace {

// The value of a variable of its environment.
std::optional<std::string> variable(const jobs::Job& job, std::string_view name) {
  const std::string begin = concat(name, "=");
  for (const std::string& each : job.specification.environment)
    if (each.starts_with(begin)) return each.substr(begin.size());
  return std::nullopt;
}

// Why a child has failed: "exit code 65", where it got so far.
std::string reason_of(const jobs::Child& child) {
  if (child.ended.empty() || !child.ended.back().exit_code) return child.reason;
  const jobs::AttemptEnd& last = child.ended.back();
  return concat("exit code ", *last.exit_code, last.reason.empty() ? "" : ", ", last.reason);
}

arrays::JobStanding standing_of(const jobs::Job& job) {
  arrays::JobStanding standing;
  standing.id = job.specification.id;
  standing.name = job.specification.name;
  standing.status = jobs::name(job.status);
  standing.first_node = parse_integer(variable(job, "PAWL_FIRST_NODE").value_or("0")).value_or(0);
  standing.size = static_cast<int64_t>(job.children.size());
  standing.running = job.count(jobs::Status::running);
  standing.succeeded = job.count(jobs::Status::succeeded);
  standing.failed = job.count(jobs::Status::failed);
  standing.is_array = job.is_array();
  standing.has_ended = jobs::is_ended(job.status);
  for (size_t index = 0; index < job.children.size(); ++index) {
    const jobs::Child& child = job.children[index];
    if (child.status != jobs::Status::failed) continue;
    standing.failed_nodes.push_back(standing.first_node + static_cast<int64_t>(index));
    if (child.failing == jobs::Failing::dependency) continue;
    if (standing.failed_by_themselves++ == 0) standing.reason = reason_of(child);
  }
  return standing;
}

// REQUIRES: not called on the loop's thread.
template <typename T>
Result<T> ask(batch::JobLoop& loop, std::function<Result<T>(jobs::Jobs&, Instant)> question) {
  std::promise<Result<T>> answer;
  loop.ask<T>(std::move(question),
              [&answer](Result<T> result) { answer.set_value(std::move(result)); });
  return answer.get_future().get();
}

}  // namespace

Result<std::vector<arrays::JobStanding>> jobs_of_run(batch::JobLoop& loop,
                                                     const std::string& run_directory) {
  using Standings = std::vector<arrays::JobStanding>;
  return ask<Standings>(loop, [&run_directory](jobs::Jobs& jobs, Instant) -> Result<Standings> {
    Standings standings;
    for (const auto& [number, job] : jobs.all())
      if (variable(*job, "PAWL_RUN_DIRECTORY") == run_directory)
        standings.push_back(standing_of(*job));
    return standings;
  });
}

Result<std::vector<std::string>> missing_for_steps(batch::JobLoop& loop,
                                                   const std::vector<arrays::Step>& steps) {
  using Names = std::vector<std::string>;
  return ask<Names>(loop, [&steps](jobs::Jobs& jobs, Instant) -> Result<Names> {
    Names missing;
    const auto miss = [&](std::string what) {
      if (std::ranges::find(missing, what) == missing.end()) missing.push_back(std::move(what));
    };
    for (const arrays::Step& step : steps) {
      if (jobs.queue(step.job_queue) == nullptr) miss("job queue " + step.job_queue);
      if (jobs.definition(step.job_definition) == nullptr)
        miss("job definition " + step.job_definition);
    }
    return missing;
  });
}

std::vector<std::string> missing_for_executor(const JobsConfig& config,
                                              const std::string& executor) {
  if (executor == "local") return {};
  if (executor != "slurm") return {concat("there is no executor ", executor)};
  if (!config.slurm) return {"the executor slurm: the configuration has no table [slurm]"};
  return missing_for_slurm(*config.slurm);
}

}  // namespace pawl::daemon
