#pragma once

#include <string>
#include <vector>

namespace pawl::bench {

// Many short processes, so many at once; each way of running them says how many seconds it took.
struct Plan {
  std::string pawl, directory;   // the directory is empty
  int size = 10'000, steps = 1;  // processes of a step, one step after another
  int at_once = 2;
  std::vector<std::string> command = {"/bin/true"};
  int processes() const { return size * steps; }
};

double seconds_with_bare_loop(const Plan& plan);  // posix_spawn and wait
double seconds_with_tool(const Plan& plan, const std::string& tool);
// The local executor alone: a supervisor, and whoever hands over the next child.
double seconds_with_executor(const Plan& plan);
// The whole of it: array jobs whose children follow each other one by one (N_TO_N), the engine, the
// store on disk with every commit synced, and the executor.
double seconds_with_jobs(const Plan& plan);

}  // namespace pawl::bench
