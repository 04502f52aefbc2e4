#include "batch/told.h"

#include "base/text.h"

namespace pawl::batch {

executors::Work work_of(const jobs::Job& job, const std::string& directory,
                        const std::string& log_directory) {
  const jobs::Specification& specification = job.specification;
  executors::Work work;
  work.job_id = specification.id;
  work.job_name = specification.name;
  work.command = specification.command;
  work.environment = specification.environment;
  work.directory = directory;
  work.log_directory = concat(log_directory, "/", specification.id);
  work.vcpus = specification.vcpus;
  work.memory_mib = specification.memory_mib;
  return work;
}

jobs::Ended ended_of(const executors::Ending& ending) {
  jobs::Ended ended;
  ended.exit_code = ending.status;
  ended.reason = ending.reason;
  if (ending.is_out_of_memory) {
    constexpr std::string_view killed = "OutOfMemoryError: Container killed due to memory usage";
    ended.reason =
        ending.reason.empty() ? std::string(killed) : concat(killed, " (", ending.reason, ")");
  }
  if (ending.is_host_lost) {
    ended.exit_code.reset();
    ended.status_reason = concat("Host EC2 (", ending.reason, ") terminated.");
  }
  return ended;
}

jobs::Ended ended_unknown(const std::string& why) {
  jobs::Ended ended;
  ended.status_reason = concat("Host EC2 (outcome unknown) terminated: ", why);
  return ended;
}

}  // namespace pawl::batch
