#pragma once

#include <string>
#include <vector>

#include "daemon/config.h"

namespace pawl::daemon {

// What no key shows on its own: names, ports and directories that must fit together.
void check_together(const TomlNode& root, const Config& config,
                    std::vector<ConfigProblem>& problems);

// Where there are regions, the server is at home in one of them. Error: invalid_argument.
Result<void> check_home_region(const Config& config);

// Without credentials whoever reaches the port may do everything, so that only this machine may
// reach it. Error: permission_denied.
Result<void> check_listens_safely(const Config& config);

// Folders among the buckets that no request can name, each in a sentence.
std::vector<std::string> folders_that_are_no_buckets(const Config& config);

// What a server calls for its jobs under Slurm, and what that reads, where it is not there.
std::vector<std::string> missing_for_slurm(const executors::SlurmOptions& slurm);

// What the file says may be right, and the machine still not be as it says: each with its line, or
// 0 where what is built in asks for it.
std::vector<ConfigProblem> differences_outside(const Config& config);

}  // namespace pawl::daemon
