#pragma once

#include <string>

#include "asl/failure.h"
#include "objects/bucket.h"

namespace pawl::transfers {

// "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: …, Extended
// Request ID: …)". Where the store has given its request no id, it is the task's.
std::string sdk_cause(const objects::Failure& failure, const std::string& request_id);
// The failure of a task that calls the SDK: "S3.NoSuchKeyException".
asl::Failure sdk_failure(const objects::Failure& failure, const std::string& request_id);

}  // namespace pawl::transfers
