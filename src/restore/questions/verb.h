#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "functions/function.h"
#include "json/value.h"

namespace pawl::restore::questions {

using Body = std::function<Result<json::Value>(functions::Call&)>;

// A function whose errors become the Restore.* failures of docs/restore-functions.md.
functions::Function verb(std::string name, std::string description, Body body);

}  // namespace pawl::restore::questions
