#pragma once

#include "asl/failure.h"
#include "base/error.h"

namespace pawl::restore {

// The error as a workflow sees it: Restore.<Name> and a cause that says what, where and what to do.
asl::Failure to_failure(const Error& error);

}  // namespace pawl::restore
