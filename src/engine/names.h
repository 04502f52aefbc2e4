#pragma once

#include <string>
#include <string_view>

#include "engine/engine.h"

namespace pawl::engine {

// Whether a machine or an execution may be called so: 1 to 80 characters, no blanks, wildcards,
// brackets, control characters or others that mean something in an ARN.
bool is_valid_name(std::string_view name);

std::string machine_arn(const Options& options, std::string_view name);
// Of an execution of the machine with this ARN.
std::string execution_arn(std::string_view machine_arn, std::string_view name);
// What stands behind the last colon.
std::string_view name_in_arn(std::string_view arn);

}  // namespace pawl::engine
