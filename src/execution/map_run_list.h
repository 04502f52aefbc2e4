#pragma once

#include <span>
#include <string>
#include <vector>

#include "execution/execution.h"
#include "execution/map_run.h"

namespace pawl::execution {

// The map runs of an execution in the order they were started, from its records; those of its
// children are among them. Error: corrupt.
Result<std::vector<MapRun>> map_runs(const asl::Machine& machine, const Identity& identity,
                                     std::span<const std::string> records);

}  // namespace pawl::execution
