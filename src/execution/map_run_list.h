#pragma once

#include <span>
#include <string>
#include <vector>

#include "execution/execution.h"
#include "execution/map_run.h"

namespace pawl::execution {

// Whether each child is told of, or only how many there are in each state: where items are read
// window by window, there may be more of them than memory has room for.
enum class Children { told, counted };

// The map runs of an execution in the order they were started, from its records; those of its
// children are among them. Error: corrupt.
Result<std::vector<MapRun>> map_runs(const asl::Machine& machine, const Identity& identity,
                                     std::span<const std::string> records,
                                     Children children = Children::told);

}  // namespace pawl::execution
