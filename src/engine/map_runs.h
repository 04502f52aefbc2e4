#pragma once

#include "engine/engine.h"

namespace pawl::engine {

// A child of a map run as a row, as executions have them. The definition is left empty.
store::Execution child_row(const FoundMapRun& found, size_t index);

}  // namespace pawl::engine
