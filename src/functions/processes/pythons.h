#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace pawl::functions::processes {

// The Pythons of this machine. What bears the name of one need not be one: a version manager has a
// program for each version that it knows, and most of them only say that it is not installed.
class Pythons {
 public:
  // To run as; ourselves where empty.
  explicit Pythons(std::string system_account) : system_account_(std::move(system_account)) {}

  // The program for "python3.11": the first in PATH that starts, else the first python3, else that
  // of the system. Each is tried once, and what starts is kept. Blocks. Error: none starts, and
  // what they say.
  Result<std::string> program_for(const std::string& runtime);

 private:
  // Error: why it does not start.
  Result<void> attempt(const std::string& program) const;

  const std::string system_account_;
  std::map<std::string, std::string> found_;  // by runtime
};

}  // namespace pawl::functions::processes
