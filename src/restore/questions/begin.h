#pragma once

#include <string>

#include "base/result.h"
#include "restore/batch/request.h"
#include "restore/questions/asked.h"
#include "restore/questions/space.h"
#include "restore/services.h"

namespace pawl::restore::questions {

batch::Item item_of(const Asked& asked);

struct Beginning {
  Snapshot snapshot;
  Space space;
};
// What would be restored, once everything has been asked that the restore's steps
// would refuse it for: the one question of a plan and of a run. `own_id` names the operation or
// batch that asks, which may have begun before; empty: none. Errors: not_found where only the
// snapshot is missing; those of the steps.
Result<Beginning> check_can_begin(Services& services, const batch::Item& item,
                                  const std::string& own_id);

}  // namespace pawl::restore::questions
