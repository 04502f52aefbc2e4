#pragma once

#include "functions/target.h"
#include "integrations/call.h"

namespace pawl::integrations {

// Whether the resource calls a function: by its own ARN, or by lambda:invoke.
bool calls_function(std::string_view resource);

// Which function a task of such a resource calls; nothing where it does not say so.
std::optional<functions::Target> called_function(const engine::TaskRequest& task);

// Lambda's Invoke (AWS Lambda API Reference). REQUIRES: the resource calls a function.
asl::Outcome<Call> invoke(const Order& order);

}  // namespace pawl::integrations
