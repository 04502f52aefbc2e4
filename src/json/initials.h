#pragma once

#include <span>
#include <string_view>

#include "json/value.h"

namespace pawl::json {

// AWS writes the members of its messages as "jobName" or as "JobName", as the protocol has it.
enum class Initial { small, capital };

// The value with the names of its members begun so, on every level. Below the members that
// `of_users` names, in small letters, users have chosen the names, and they stay as they are.
Value with_initials(const Value& value, Initial initial,
                    std::span<const std::string_view> of_users);

}  // namespace pawl::json
