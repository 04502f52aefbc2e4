#pragma once

#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace pawl::cli {

// A batch as --batch-file has it: the input of pawl-batch-plan, written by a person, so a key that
// nobody reads is a mistake. Error (invalid_argument): "FILE:LINE:COLUMN: what", a line each.
Result<json::Value> parse_batch_file(std::string_view text, std::string_view file);

}  // namespace pawl::cli
