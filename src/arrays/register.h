#pragma once

#include "arrays/services.h"
#include "functions/function.h"

namespace pawl::arrays {

// Adds the pawl-arrays-* functions of docs/arrays.md. `services` outlives the registry.
void register_functions(functions::Registry& registry, const Services& services);

}  // namespace pawl::arrays
