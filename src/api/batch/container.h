#pragma once

#include "api/batch/call.h"

namespace pawl::api::batch {

// A definition's containerProperties as they are shown: vcpus and memory are among the
// resourceRequirements. Error: what cannot be had.
Result<json::Value> container_of(const json::Value& properties);

}  // namespace pawl::api::batch
