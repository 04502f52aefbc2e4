#pragma once

#include <string_view>

#include "asl/parse.h"
#include "base/error.h"

namespace pawl::engine {

// The errors of commands in the service's words: "Name: message".
Error machine_does_not_exist(std::string_view arn);
Error machine_already_exists(std::string_view arn);
Error machine_type_not_supported(std::string_view type);
Error invalid_definition(const std::vector<asl::Diagnostic>& diagnostics);
Error definition_too_large(size_t bytes);
Error invalid_name(std::string_view name);
Error missing_machine_change();
Error execution_does_not_exist(std::string_view arn);
Error execution_already_exists(std::string_view arn);
Error execution_limit_exceeded(size_t open_max);
Error invalid_execution_input(std::string_view reason);

}  // namespace pawl::engine
