#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace pawl::arrays {

// The ids that a run is asked for: a number, for which so many are made up out of the seed; a list;
// or the name of a file below the volume, with one on each line. Errors: invalid_argument, where
// one is empty, too long, there twice, or has what a line of a file cannot (control characters, or
// bytes that are no UTF-8); not_found.
Result<std::vector<std::string>> ids_of(const json::Value& asked, const std::string& volume,
                                        std::string_view seed);

}  // namespace pawl::arrays
