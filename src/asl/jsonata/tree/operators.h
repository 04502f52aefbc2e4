#pragma once

#include <string_view>

#include "asl/jsonata/tree/node.h"

namespace pawl::asl::jsonata {

// How strongly a symbol binds what stands left of it; 0 for what is none.
int binding_power(std::string_view symbol);
// What a symbol between two operands does.
Operation operation_of(std::string_view symbol);

}  // namespace pawl::asl::jsonata
