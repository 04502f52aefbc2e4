#pragma once

#include "base/result.h"
#include "json/value.h"
#include "store/store.h"

namespace pawl::api::states {

// Logging, tracing and encryption settings of a machine: the values that ask for nothing are taken,
// all others are refused by name.
Result<void> check_configuration(const json::Value& input);

// What DescribeStateMachine shows, those settings included.
json::Value description(const store::Machine& machine);

}  // namespace pawl::api::states
