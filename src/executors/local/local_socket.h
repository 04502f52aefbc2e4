#pragma once

#include <string>

#include "base/result.h"
#include "world/file_descriptor.h"

// A socket in a directory of ours, whatever the length of its path: the address of a socket has
// room for 108 bytes only, so the way leads through /proc/self/fd.
namespace pawl::executors {

std::string socket_path_in(const std::string& directory);
Result<world::FileDescriptor> listen_in(const std::string& directory);
// Never waits. The error is unavailable where nobody listens, and limit_exceeded where so many wait
// already to be accepted that no other may.
Result<world::FileDescriptor> connect_in(const std::string& directory);
// Whether the process on the other end runs under our account.
bool is_peer_ours(const world::FileDescriptor& socket);

}  // namespace pawl::executors
