#pragma once

#include <functional>
#include <string>
#include <vector>

#include "executors/slurm/sighting.h"
#include "executors/slurm/submission.h"
#include "executors/slurm_executor.h"
#include "world/cancellation.h"

namespace pawl::executors {

// The commands of Slurm. Each call runs one program, waits for its end and has a limit of time.
// Errors: unavailable, where Slurm did not answer or has no room now, and nothing has happened;
// outcome_unknown, where it may have; cancelled, where we are leaving, and it may have as well;
// invalid_argument, where it refuses for good.
class Cluster {
 public:
  Cluster(const SlurmOptions& options, world::Processes& processes,
          const world::Cancellation& leaving)
      : options_(options), processes_(processes), leaving_(leaving) {}

  // The number of the tasks that an array may have; theirs are 0 to one less.
  Result<int32_t> array_size();

  struct Order {
    const Record& record;
    const SubmissionFiles& files;
    std::vector<int32_t> indexes;  // those of the record that shall still run
    int64_t after_slurm_job = 0;   // or none
  };
  // Gives the number at Slurm.
  Result<int64_t> submit(const Order& order);

  // All jobs that were handed over, also those that Slurm still remembers after their end.
  Result<void> list(const std::function<void(const Sighting&)>& tell);

  struct Target {
    int64_t slurm_job;
    std::vector<int32_t> tasks;  // none: the whole job
  };
  // Those that have ended or are not known do not matter.
  Result<void> cancel(const std::vector<Target>& targets);

 private:
  // With nothing of our own environment that could change what the programs do.
  world::Program program(std::vector<std::string> arguments) const;
  Result<std::string> run(world::Program program);

  const SlurmOptions& options_;
  world::Processes& processes_;
  const world::Cancellation& leaving_;
};

}  // namespace pawl::executors
