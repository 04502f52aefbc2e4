#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

#include "arrays/node/node.h"
#include "arrays/node/pieces.h"
#include "base/check.h"
#include "base/text.h"
#include "bench/jobs/runs.h"

// How quickly many short processes are run, a few at once:
//
//   pawl_bench_jobs short PAWL DIRECTORY COUNT AT_ONCE
//       one array of processes that do nothing, by the executor alone, by the whole, by a bare loop
//       of posix_spawn and wait, and by the tools that people use
//   pawl_bench_jobs arrays PAWL WORKER DIRECTORY NODES IDS_OF_EACH AT_ONCE
//       the nodes of an array run, three steps child by child, by the whole and by a bare loop of
//       the same program
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

// The nodes of a run with so many ids each, ready for their first step.
std::vector<Command> workers(const std::string& worker, const std::string& run, int nodes,
                             int ids_of_each) {
  for (int node = 0; node < nodes; ++node) {
    std::string ids;
    for (int id = 0; id < ids_of_each; ++id) ids += concat(node * ids_of_each + id, "\n");
    CHECK(arrays::write_piece({arrays::node_directory(run, node)},
                              {std::string(arrays::ids_file), ids}));
  }
  return {{worker, "procure", "--run", run, "--seed", "bench"},
          {worker, "process", "--run", run},
          {worker, "egress", "--run", run, "--results", run + "/results"}};
}

int run_arrays(Plan plan, const std::string& worker, int ids_of_each) {
  const auto directory = plan.directory;
  plan.steps = workers(worker, directory + "/bare", plan.size, ids_of_each);
  const double bare = seconds_with_bare_loop(plan);
  plan.steps = workers(worker, directory + "/run", plan.size, ids_of_each);
  const double jobs = seconds_with_jobs(plan);
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
  if (words.size() == 8 && words[1] == "arrays")
    return run_arrays({.pawl = words[2],
                       .directory = words[4],
                       .size = std::atoi(words[5].c_str()),
                       .at_once = std::atoi(words[7].c_str())},
                      words[3], std::atoi(words[6].c_str()));
  std::fprintf(stderr, "usage: pawl_bench_jobs short|arrays PAWL DIRECTORY …\n");
  return 2;
}

}  // namespace
}  // namespace pawl::bench

int main(int count, char** words) { return pawl::bench::run({words, words + count}); }
