#pragma once

#include "functions/function.h"
#include "restore/batch/batch_file.h"
#include "restore/services.h"

namespace pawl::restore {

// Adds pawl-restore-check, -plan, -list, -report and -rollback, pawl-snapshot-take and -list, and
// the step aurora-restore-sns-notification. What is referred to outlives the registry.
void register_questions(functions::Registry& registry, Services& services, batch::Batches& batches);

// Removals of targets that a crash has interrupted are done to their end.
void carry_on_removals(Services& services);

}  // namespace pawl::restore
