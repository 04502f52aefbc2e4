#pragma once

#include "base/result.h"
#include "functions/function.h"
#include "json/value.h"
#include "restore/services.h"

namespace pawl::restore {

// The step aurora-restore-sns-notification: tells the subscribers how the operation ended, keeps
// what became of that in the state, and writes the audit line. Error: unavailable where there are
// subscribers and none could be told.
Result<json::Value> sns_notification(Services& services, const functions::Call& call);

}  // namespace pawl::restore
