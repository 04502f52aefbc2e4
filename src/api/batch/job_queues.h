#pragma once

#include "api/batch/call.h"

namespace pawl::api::batch {

// The one of that name or ARN.
Result<const jobs::Queue*> queue_of(const Call& call);
// computeEnvironmentOrder as it is shown: by ARN, in order. Error: an environment that does not
// exist, or one twice.
Result<json::Value> environment_order(const Call& call);

}  // namespace pawl::api::batch
