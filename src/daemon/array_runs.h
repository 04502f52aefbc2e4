#pragma once

#include <string>
#include <vector>

#include "arrays/services.h"
#include "batch/job_loop.h"

namespace pawl::daemon {

// What the functions of array runs ask of the jobs: see arrays::Services::jobs_of. Waits for the
// loop of jobs.
Result<std::vector<arrays::JobStanding>> jobs_of_run(batch::JobLoop& loop,
                                                     const std::string& run_directory);

}  // namespace pawl::daemon
