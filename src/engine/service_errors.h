#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "asl/parse.h"
#include "base/error.h"

namespace pawl::engine {

// The errors of commands in the service's words: "Name: message".
Error machine_does_not_exist(std::string_view arn);
Error machine_already_exists(std::string_view arn);
Error invalid_definition(const std::vector<asl::Diagnostic>& diagnostics);
Error definition_too_large(size_t bytes);
Error invalid_name(std::string_view name);
Error missing_machine_change();
Error type_does_not_offer_this();
Error stale_revision(std::string_view asked, std::string_view current);
Error version_in_use(const std::vector<std::string>& aliases);
Error alias_already_exists();
Error resource_not_found();
Error resource_not_found(std::string_view arn);
Error too_many_tags(std::string_view arn);
Error quota_exceeded(std::string_view what);
Error invalid_request(std::string_view message);
Error activity_does_not_exist(std::string_view arn);
Error activity_already_exists(std::string_view arn);
Error too_many_workers(size_t most);
Error invalid_token();
Error task_timed_out();
Error task_does_not_exist();
Error execution_not_redrivable(std::string_view reason);
Error execution_does_not_exist(std::string_view arn);
Error execution_already_exists(std::string_view arn);
Error execution_limit_exceeded(size_t open_max);
Error invalid_execution_input(std::string_view reason);

}  // namespace pawl::engine
