#pragma once

#include "api/batch/call.h"

namespace pawl::api::batch {

// Tags of a compute environment that say where its jobs run, and how much memory they may have.
constexpr std::string_view executor_tag = "pawl:executor", memory_tag = "pawl:memory-mib";

// Error: bounds that contradict each other, or tags that name no executor.
Result<void> check_environment(const json::Value& shown);
// The one of that name or ARN.
Result<const jobs::Environment*> environment_of(const Call& call);

}  // namespace pawl::api::batch
