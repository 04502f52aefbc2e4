#pragma once

#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "store/store.h"

namespace pawl::engine {

// Rows of a loop beside the engine's, committed by the engine with its own; returns when they are
// durable. Not on the engine's thread.
Result<void> keep_durably(Engine& engine, std::vector<store::Write> rows);

}  // namespace pawl::engine
