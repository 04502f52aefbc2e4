#pragma once

#include "engine/engine.h"

namespace pawl::engine {

// A child of a map run as a row, as executions have them. The definition is left empty.
store::Execution child_row(const FoundMapRun& found, int64_t index);
// The machine of all its children, as a row has it: the processor of the Map.
store::Execution processor_row(FoundMapRun found);

}  // namespace pawl::engine
