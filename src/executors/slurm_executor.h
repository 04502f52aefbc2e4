#pragma once

#include <memory>
#include <string>
#include <vector>

#include "executors/executor.h"
#include "world/clock.h"
#include "world/processes.h"

namespace pawl::executors {

struct SlurmOptions {
  // Ours alone, on a file system that this machine and all nodes share under this path.
  std::string directory;
  std::string partition, account;          // Slurm's own default where empty
  std::vector<std::string> extra_options;  // for sbatch
  std::string configuration;               // SLURM_CONF; Slurm's own default where empty
  Duration poll_interval = seconds(5);
  // How long the exit file of an attempt that Slurm calls ended may take to be seen from here, and
  // how long Slurm may take to say more of an attempt that has failed.
  Duration exit_file_after = seconds(60);
  // How long Slurm may answer without knowing an attempt that has no exit file.
  Duration lost_after = hours(1);
};

// Runs attempts as jobs of a Slurm cluster, an array where there are several. It gates. What has
// ended is told by files that the attempts write themselves; Slurm is asked, once for all in each
// interval, what files cannot tell. A cluster that does not answer is waited for.
std::unique_ptr<Executor> open_slurm_executor(SlurmOptions options, world::Processes& processes,
                                              world::Clock& clock, Reports& reports);

}  // namespace pawl::executors
