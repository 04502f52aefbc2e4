#pragma once

#include <string>
#include <vector>

#include "arrays/services.h"
#include "batch/job_loop.h"
#include "daemon/jobs_config.h"

namespace pawl::daemon {

// What the functions of array runs ask for: see arrays::Services. The first two wait for the loop
// of jobs.
Result<std::vector<arrays::JobStanding>> jobs_of_run(batch::JobLoop& loop,
                                                     const std::string& run_directory);
Result<std::vector<std::string>> missing_for_steps(batch::JobLoop& loop,
                                                   const std::vector<arrays::Step>& steps);

std::vector<std::string> missing_for_executor(const JobsConfig& config,
                                              const std::string& executor);

}  // namespace pawl::daemon
