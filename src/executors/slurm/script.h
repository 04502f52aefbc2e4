#pragma once

#include <string>

#include "executors/executor.h"

namespace pawl::executors {

// What the shell script of a submission is made of.
struct ScriptParts {
  const Work& work;
  int32_t number = 1;
  bool is_array = false;
  int32_t offset = 0;    // from the number of Slurm's task to the index of the child
  std::string attempts;  // the directory of the claims and exit files
  std::string gate;      // that of the attempts which must have succeeded before, or empty
};

// The script that runs one attempt on a node. It claims the attempt, so that whoever comes second
// does not run it; runs the command with just the environment it should have; and writes the exit
// file. It ends as the command has ended, or with `refused_status` where nothing was run.
std::string attempt_script(const ScriptParts& parts);

// What sbatch is given: it runs the script in that file. (The script itself may hold any bytes;
// sbatch takes none with CR LF.)
std::string launcher(const std::string& script_file);

inline constexpr int refused_status = 75;

}  // namespace pawl::executors
