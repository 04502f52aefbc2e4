#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "restore/settings.h"
#include "world/clock.h"

namespace pawl::restore {

// What a restored server is, as its instance.json keeps it. Phases, in order: "restoring" (its
// files may be incomplete), "copied" (they are whole, and from now on the server's own),
// "available" (it has answered a query), "verified" (it may serve), "replaced" (it has served or
// was taken back; kept until `keep_until`). Which instance serves is not said here but by the link
// clusters/<cluster>/current alone.
struct Instance {
  std::string operation_id, region, cluster;
  std::string snapshot_cluster, snapshot_date;
  std::string phase = "restoring";
  uint16_t port = 0;
  Instant created;
  // The operation of the instance that served when this one was swapped in; empty: none did.
  std::string replaces;
  std::optional<Instant> keep_until;

  std::string directory;  // not part of instance.json
  std::string data() const { return directory + "/data"; }
  std::string socket() const { return directory + "/socket"; }
  std::string log() const { return directory + "/log"; }
  bool may_serve() const { return phase == "verified" || phase == "replaced"; }
};

json::Value to_json(const Instance& instance);

// Error: not_found where there is none of that operation.
Result<Instance> read_instance(const Region& region, const std::string& operation_id);
Result<void> write_instance(const Instance& instance);
// Every instance of the region, also those without a readable instance.json: their phase is
// "unknown", and a crash while they were made or removed has left them.
Result<std::vector<Instance>> list_instances(const Region& region);

// The operation whose instance serves the cluster, or nothing.
std::optional<std::string> serving_operation(const Region& region, const std::string& cluster);
bool serves(const Region& region, const Instance& instance);

// A cluster that somebody has shut down on purpose is not started again by itself.
Result<void> keep_down(const Region& region, const std::string& cluster);
Result<void> let_up(const Region& region, const std::string& cluster);
bool is_kept_down(const Region& region, const std::string& cluster);

// Finds the operation's instance or makes its folder, with a port of the region's range that no
// other instance, no endpoint and no other program has. The port is this instance's from the
// moment instance.json is durable.
Result<Instance> reserve_instance(const Settings& settings, const Region& region, Instance wanted);
// Another port for an instance whose port was taken by a stranger while it was down.
Result<Instance> move_port(const Settings& settings, const Region& region, Instance instance);
// The port of the cluster's endpoint in this region: the configured one, or one of the range,
// chosen once and kept in endpoint.json for ever.
Result<uint16_t> reserve_endpoint_port(const Settings& settings, const Region& region,
                                       const std::string& cluster);
// The same without choosing: nothing where it has none yet.
std::optional<uint16_t> known_endpoint_port(const Settings& settings, const Region& region,
                                            const std::string& cluster);
// Whether a server could listen on 127.0.0.1:port now.
bool is_port_free(uint16_t port);

}  // namespace pawl::restore
