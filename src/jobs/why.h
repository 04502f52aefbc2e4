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

}  // namespace pawl::jobs
