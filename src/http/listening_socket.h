#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "world/file_descriptor.h"

namespace pawl::http {

// A socket that listens and does not block; port 0 is any free one. Error: conflict, where another
// has it.
Result<world::FileDescriptor> listen_on(const std::string& host, uint16_t port);
uint16_t port_of(const world::FileDescriptor& socket);

}  // namespace pawl::http
