#pragma once

#include "functions/function.h"
#include "restore/batch/verbs.h"

namespace pawl::restore {

// Adds the pawl-batch-* functions. The parts outlive the registry.
void register_batch(functions::Registry& registry, const batch::Parts& parts);

}  // namespace pawl::restore
