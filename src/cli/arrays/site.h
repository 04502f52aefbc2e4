#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/verb.h"

namespace pawl::cli {

// What array runs need on the side of AWS Batch: a compute environment, a queue for each step and
// one for all of them, a job definition for each step.
struct ArraySite {
  std::optional<int64_t> vcpus;  // of the environment, so many nodes at once; absent: as it is
  int64_t processors = 1;        // of the server: vcpus of an environment that is new
  std::string executor;          // "local", "slurm"
  std::string worker;            // the program of the three steps
};

// Where its nodes run; empty where there is no environment yet.
Result<std::string> site_executor(const Client& client);

// Makes what is missing and changes what differs, as a deployment does: done twice, the second
// changes nothing. A row for each: {"kind", "name", "change": "created" | "changed" | "unchanged"}.
Result<std::vector<json::Value>> prepare_site(const Client& client, const ArraySite& site);

// What of it there is, in the order in which it can be taken down: rows of "kind" and "name", each
// revision of a definition by itself.
Result<std::vector<json::Value>> find_site(const Client& client);
// Takes these down.
Result<void> remove_site(const Client& client, const std::vector<json::Value>& rows);
// The jobs in its queues that have not ended, as "job NAME (ID)".
Result<std::vector<std::string>> open_jobs(const Client& client);
// Queues of others that lead to its environment, which cannot be taken down then.
Result<std::vector<std::string>> other_queues(const Client& client);

}  // namespace pawl::cli
