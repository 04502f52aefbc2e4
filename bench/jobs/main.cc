#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "bench/jobs/runs.h"

// How quickly many short processes are run, a few at once:
//
//   pawl_bench_jobs short PAWL DIRECTORY COUNT AT_ONCE
//       one array of processes that do nothing, by the executor alone, by the whole, by a bare loop
//       of posix_spawn and wait, and by the tools that people use
//   pawl_bench_jobs arrays PAWL DIRECTORY SIZE STEPS AT_ONCE COMMAND…
//       arrays one after another, child by child, by the whole and by a bare loop
//
// Prints a JSON object of seconds. The directory is to be empty.
namespace pawl::bench {
namespace {

int run_short(const Plan& plan) {
  const double bare = seconds_with_bare_loop(plan), executor = seconds_with_executor(plan);
  const double jobs = seconds_with_jobs(plan);
  const double xargs = seconds_with_tool(plan, concat("xargs -n1 -P", plan.at_once));
  const double parallel = seconds_with_tool(plan, concat("parallel -j", plan.at_once));
  std::printf(
      "{\"processes\": %d, \"at_once\": %d, \"bare_loop\": %.3f, \"executor\": %.3f, "
      "\"jobs\": %.3f, \"xargs\": %.3f, \"parallel\": %.3f}\n",
      plan.processes(), plan.at_once, bare, executor, jobs, xargs, parallel);
  return 0;
}

int run_arrays(const Plan& plan) {
  const double bare = seconds_with_bare_loop(plan), jobs = seconds_with_jobs(plan);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"processes\": %d, \"at_once\": %d, \"bare_loop\": %.3f, \"jobs\": %.3f, "
      "\"resident_bytes\": %ld}\n",
      plan.processes(), plan.at_once, bare, jobs, usage.ru_maxrss * 1024);
  return 0;
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 6 && words[1] == "short")
    return run_short({.pawl = words[2],
                      .directory = words[3],
                      .size = std::atoi(words[4].c_str()),
                      .at_once = std::atoi(words[5].c_str())});
  if (words.size() > 7 && words[1] == "arrays")
    return run_arrays({.pawl = words[2],
                       .directory = words[3],
                       .size = std::atoi(words[4].c_str()),
                       .steps = std::atoi(words[5].c_str()),
                       .at_once = std::atoi(words[6].c_str()),
                       .command = {words.begin() + 7, words.end()}});
  std::fprintf(stderr, "usage: pawl_bench_jobs short|arrays PAWL DIRECTORY …\n");
  return 2;
}

}  // namespace
}  // namespace pawl::bench

int main(int count, char** words) { return pawl::bench::run({words, words + count}); }
