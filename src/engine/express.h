#pragma once

#include <vector>

#include "asl/parse.h"

namespace pawl::engine {

// What makes an Express execution different: it lasts five minutes at most, and may not wait for
// answers from outside.
constexpr int64_t express_seconds_max = 300;

using Findings = std::vector<asl::Diagnostic>;
// The errors of a definition that is one for a Standard machine only.
Findings express_findings(const asl::Machine& machine);

}  // namespace pawl::engine
