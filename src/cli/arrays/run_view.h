#pragma once

#include <string>
#include <string_view>

#include "cli/verb.h"
#include "cli/watch/watch.h"

namespace pawl::cli {

struct ArrayRun {
  std::string name, execution_arn;
};

// Watches a run: the nodes of its jobs as cells, then what is found in the bucket. Returns the exit
// code: 8 where some of the nodes failed.
Result<int> watch_run(const Session& session, const ArrayRun& run, const WatchOptions& options);

// "1 node", "2 nodes".
std::string counted(const json::Value& count, std::string_view noun);

// The run as pawl-arrays-show has it, with the status of its execution where there is one.
Result<json::Value> shown_run(const Client& client, const std::string& name);
// Prints it: what it is, and a line for each job.
void show_run(const Session& session, const json::Value& run);

}  // namespace pawl::cli
