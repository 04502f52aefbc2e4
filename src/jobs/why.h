#pragma once

#include <string>

#include "jobs/jobs.h"

namespace pawl::jobs {

// Why a job or a child of one stands where it does: what it waits for, or what it failed of. And
// what would help; empty where only time does. REQUIRES: the target has a job.
struct Why {
  std::string reason, help;
};
Why why(const Jobs& jobs, const Target& target);

// Of a failed child, down the line of what it depends on: the one that failed by itself. It may be
// the child.
Target root_of_failure(const Jobs& jobs, const Job& job, int32_t index);
// The command that runs it again, and all that failed for it: "`pawl batch retry … --failed`".
std::string retry_command(const Target& failed);

}  // namespace pawl::jobs
