#pragma once

#include <span>
#include <string_view>

#include "api/shape.h"

namespace pawl::api::states {

// What the service's model says of each operation's input (AWS Step Functions API Reference). The
// sizes of inputs, outputs and variables are not bounded here: the engine has a limit of its own.
std::span<const Member> shape_of(std::string_view operation);

}  // namespace pawl::api::states
