#pragma once

#include "functions/function.h"
#include "restore/services.h"

namespace pawl::restore {

// Adds the steps of docs/restore-functions.md (all but aurora-restore-sns-notification, the
// questions and the batch functions, which are registered beside this). `services` outlives the
// registry.
void register_functions(functions::Registry& registry, Services& services);

}  // namespace pawl::restore
