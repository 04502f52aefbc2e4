#pragma once

#include <map>
#include <string>
#include <vector>

#include "asl/machine.h"

namespace pawl::asl {

// Which variables each state reads, sorted; states that read none are left out. States within
// others stand under their own names.
std::map<std::string, std::vector<std::string>> variable_references(const Machine& machine);

}  // namespace pawl::asl
