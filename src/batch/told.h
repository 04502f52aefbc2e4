#pragma once

#include <string>

#include "executors/executor.h"
#include "jobs/jobs.h"

namespace pawl::batch {

// What passes between the jobs and their executors, in the words of either.

executors::Work work_of(const jobs::Job& job, const std::string& directory,
                        const std::string& log_directory);

// In the words of the AWS Batch user guide, because retry strategies compare them: "Host EC2*" is a
// host that went away, "OutOfMemoryError*" a container that needed more memory.
jobs::Ended ended_of(const executors::Ending& ending);
jobs::Ended ended_unknown(const std::string& why);

}  // namespace pawl::batch
