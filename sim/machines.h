#pragma once

#include <string>
#include <vector>

namespace pawl::sim {

struct SimMachine {
  std::string name;
  std::string definition;
};

// The definitions that simulated executions run on: between them every kind of state, retries,
// catchers, timeouts and children.
const std::vector<SimMachine>& sim_machines();

}  // namespace pawl::sim
