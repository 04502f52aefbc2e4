#pragma once

#include <string>
#include <vector>

namespace pawl::bench {

using Command = std::vector<std::string>;

// Many short processes, so many at once; each way of running them says how many seconds it took.
// AWS_BATCH_JOB_ARRAY_INDEX counts the processes of a step.
struct Plan {
  std::string pawl, directory;  // the directory is empty
  int size = 10'000;            // processes of a step
  int at_once = 2;
  std::vector<Command> steps = {{"/bin/true"}};  // one after another
  int processes() const { return size * static_cast<int>(steps.size()); }
};

double seconds_with_bare_loop(const Plan& plan);  // posix_spawn and wait
// These two know plans of one step only.
double seconds_with_tool(const Plan& plan, const std::string& tool);
// The local executor alone: a supervisor, and whoever hands over the next child.
double seconds_with_executor(const Plan& plan);
// The whole of it: array jobs whose children follow each other one by one (N_TO_N), the engine, the
// store on disk with every commit synced, and the executor.
double seconds_with_jobs(const Plan& plan);

}  // namespace pawl::bench
