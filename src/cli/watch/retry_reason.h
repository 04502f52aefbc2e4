#pragma once

#include <string>

#include "cli/client.h"

namespace pawl::cli {

// Why a state of a running execution is tried again: "Restore.Unavailable: no answer from …", from
// the newest of its failures in the history; empty where that is long ago.
Result<std::string> retry_reason(const Client& client, const std::string& execution_arn,
                                 const std::string& state);

}  // namespace pawl::cli
