#pragma once

#include <cstdint>
#include <string>

namespace pawl::restore {

struct EndpointOptions {
  std::string cluster_directory;  // clusters/<cluster> of a region
  std::string address = "127.0.0.1";
  uint16_t port = 0;
  std::string account;  // to become once the port is open, when we are root
};

// The stable address of a cluster: a process of its own, so that it outlives a server that is
// killed. Listens on a TCP port and on socket/.s.PGSQL.<port> below the cluster's directory. Each
// connection is led to the instance that `current` leads to at that moment, and stays there; bytes
// are passed on unread. A second process for the same cluster ends at once. Runs until TERM;
// answers an exit status.
//
// endpoint.lock is held (flock) while it runs and says "<pid> <port>" once it listens.
int run_endpoint_forwarder(const EndpointOptions& options);

}  // namespace pawl::restore
