#pragma once

#include <string>
#include <vector>

#include "cli/verb.h"

namespace pawl::cli {

// What array runs need on the side of AWS Batch: a compute environment, a queue for each step and
// one for all of them, a job definition for each step.
struct ArraySite {
  int64_t vcpus = 1;               // of the environment, so many nodes at once
  std::string executor = "local";  // or "slurm"
  std::string worker;              // the program of the three steps
};

// Makes what is missing and changes what differs, as a deployment does: done twice, the second
// changes nothing. A row for each: {"kind", "name", "change": "created" | "changed" | "unchanged"}.
Result<std::vector<json::Value>> prepare_site(const Client& client, const ArraySite& site);

}  // namespace pawl::cli
