#pragma once

#include <vector>

#include "engine/commands.h"
#include "json/value.h"

namespace pawl::api::states {

// The routingConfiguration of a request, and of an answer.
Result<std::vector<engine::AliasRoute>> read_routes(const json::Value& input);
json::Value routing_shown(const store::Alias& alias);

}  // namespace pawl::api::states
