#pragma once

#include <string>

#include "base/result.h"
#include "restore/instances/endpoint.h"
#include "restore/settings.h"
#include "world/cancellation.h"
#include "world/clock.h"
#include "world/processes.h"

namespace pawl::restore {

// Lets the endpoint of a cluster lead to another instance. The one moment that counts is the rename
// of the link `current`: until then the old server serves and nothing about it has changed;
// from then on the new one serves, which runs, is verified and takes logins already. Whatever is
// left to do after it (history, stopping the old server) can be done again.
class Swap {
 public:
  Swap(const Settings& settings, world::Clock& clock, world::Processes& processes,
       Endpoints& endpoints)
      : settings_(settings), clock_(clock), processes_(processes), endpoints_(endpoints) {}

  // Errors: conflict where the instance is not verified; unavailable where it does not answer.
  Result<Endpoint> forward(const Region& region, const std::string& cluster,
                           const std::string& operation_id);
  // Back to the instance that the operation's replaced. Errors: conflict where the operation does
  // not serve, has replaced nothing, or the grace time is over.
  Result<Endpoint> back(const Region& region, const std::string& cluster,
                        const std::string& operation_id);

 private:
  // Makes the instance ready and renames; leaves the other to retire().
  Result<void> lead_to(const Region& region, const std::string& cluster,
                       const std::string& operation_id);
  Result<void> record(const Region& region, const std::string& cluster, const std::string& from,
                      const std::string& to);
  // Stops what no longer serves and starts its grace time. Keeps its files.
  Result<void> retire(const Region& region, const std::string& cluster,
                      const std::string& operation_id);

  const Settings& settings_;
  world::Clock& clock_;
  world::Processes& processes_;
  Endpoints& endpoints_;
};

}  // namespace pawl::restore
