#pragma once

#include <string>

#include "base/result.h"
#include "restore/provider.h"
#include "restore/settings.h"
#include "world/processes.h"

namespace pawl::restore {

// The stable address under which a cluster is reached whichever instance serves it.
class Endpoints {
 public:
  // `program` is what runs "endpoint --cluster-directory DIR --port P --account A": the pawl
  // binary.
  Endpoints(const Settings& settings, world::Processes& processes, std::string program)
      : settings_(settings), processes_(processes), program_(std::move(program)) {}

  // Where the cluster's endpoint is, without starting anything.
  Result<Endpoint> address(const Region& region, const std::string& cluster);
  // Returns when the forwarder listens. Nothing happens where it does already.
  Result<Endpoint> ensure(const Region& region, const std::string& cluster);
  // Ends the cluster's forwarder, if one runs.
  Result<void> stop(const Region& region, const std::string& cluster);

 private:
  const Settings& settings_;
  world::Processes& processes_;
  std::string program_;
};

// Whether the cluster's endpoint may listen on that port: it does already, or nobody does. Error:
// conflict under a name of its own, which says who has the port.
Result<void> check_endpoint_port(const Region& region, const std::string& cluster, uint16_t port);

}  // namespace pawl::restore
