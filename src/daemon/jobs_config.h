#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "daemon/table_reader.h"
#include "executors/slurm_executor.h"

namespace pawl::daemon {

// The tables [jobs], [slurm] and [arrays] of the configuration.
struct JobsConfig {
  std::string directory;                // of logs and of what executors keep; attempts run in it
  std::string volume;                   // that jobs and the server share
  Duration keep_ended = hours(24 * 7);  // then a job is forgotten
  Duration grace = seconds(30);         // between TERM and KILL of an attempt
  std::optional<executors::SlurmOptions> slurm;
  std::map<std::string, std::string> accepted;  // rules of safety of array runs, and why
};

void read_jobs(const TomlNode& node, const std::string& folder, JobsConfig& jobs,
               std::vector<ConfigProblem>& problems);
void read_slurm(const TomlNode& node, const std::string& folder, JobsConfig& jobs,
                std::vector<ConfigProblem>& problems);
void read_arrays(const TomlNode& node, JobsConfig& jobs, std::vector<ConfigProblem>& problems);
// What was not said. REQUIRES: the folder of the store is known.
void fill_in_jobs(const std::string& data, JobsConfig& jobs);

}  // namespace pawl::daemon
