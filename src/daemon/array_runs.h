#pragma once

#include <string>
#include <vector>

#include "arrays/services.h"
#include "batch/job_loop.h"

namespace pawl::daemon {

// What the functions of array runs ask of the jobs: see arrays::Services. Each waits for the loop
// of jobs.
Result<std::vector<arrays::JobStanding>> jobs_of_run(batch::JobLoop& loop,
                                                     const std::string& run_directory);
Result<std::vector<std::string>> missing_for_steps(batch::JobLoop& loop,
                                                   const std::vector<arrays::Step>& steps);

}  // namespace pawl::daemon
