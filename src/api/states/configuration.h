#pragma once

#include "base/result.h"
#include "json/value.h"
#include "store/store.h"

namespace pawl::api::states {

// The logging, tracing and encryption settings that a request gives to what it names, as they are.
// They are kept and shown, so that whoever has set them finds them again; a warning line says that
// nothing is delivered. Keys of the customer are refused: data would not be what it is said to be.
Result<json::Value> read_settings(const json::Value& input, std::string_view arn_or_name);

// What DescribeStateMachine shows, those settings included, each with its defaults.
json::Value description(const store::Machine& machine);
json::Value encryption_shown(const std::string& settings);

}  // namespace pawl::api::states
