#pragma once

#include <optional>
#include <string_view>

#include "asl/machine.h"
#include "base/time.h"

namespace pawl::engine {

// How often progress of this state's task is passed on as a heartbeat: a few times in its
// HeartbeatSeconds. Nothing where it asks for none; each one is a record on the disk.
std::optional<Duration> heartbeat_interval(const asl::Machine& machine, std::string_view state);

}  // namespace pawl::engine
