#include <netinet/in.h>
#include <sys/socket.h>

#include <set>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/instances/instance.h"
#include "restore/layout.h"
#include "world/file_lock.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

// Who chooses a port holds this until the choice is durable.
Result<world::FileLock> lock_ports(const Region& region) {
  TRY(world::make_directories(region.directory, 0755));
  return world::FileLock::wait(region.directory + "/ports.lock");
}

std::string endpoint_file(const Region& region, const std::string& cluster) {
  return Layout(region).cluster(cluster) + "/endpoint.json";
}

std::optional<uint16_t> kept_endpoint_port(const Region& region, const std::string& cluster) {
  const auto text = world::read_file(endpoint_file(region, cluster));
  const auto value = text ? json::parse(*text) : Result<json::Value>(json::Value());
  const int64_t port = value ? value->integer_at("port").value_or(0) : 0;
  if (port <= 0 || port > 65535) return std::nullopt;
  return static_cast<uint16_t>(port);
}

Result<std::set<uint16_t>> taken_ports(const Settings& settings, const Region& region) {
  std::set<uint16_t> taken;
  for (const Instance& instance : TRY(list_instances(region))) taken.insert(instance.port);
  for (const auto& [name, cluster] : settings.clusters) {
    const auto fixed = cluster.endpoint_ports.find(region.name);
    if (fixed != cluster.endpoint_ports.end()) taken.insert(fixed->second);
  }
  const std::string folder = Layout(region).root + "/clusters";
  if (!world::is_directory(folder)) return taken;
  for (const std::string& cluster : TRY(world::list_directory(folder))) {
    if (const auto port = kept_endpoint_port(region, cluster)) taken.insert(*port);
  }
  return taken;
}

Result<uint16_t> choose_port(const Settings& settings, const Region& region) {
  const std::set<uint16_t> taken = TRY(taken_ports(settings, region));
  for (uint32_t port = region.port_first; port <= region.port_last; ++port) {
    const auto candidate = static_cast<uint16_t>(port);
    if (!taken.contains(candidate) && is_port_free(candidate)) return candidate;
  }
  return Error(ErrorCode::limit_exceeded,
               concat("region ", region.name, " has no free port left in ", region.port_first, "-",
                      region.port_last),
               "Widen ports of the region in the configuration, or remove old instances.");
}

}  // namespace

bool is_port_free(uint16_t port) {
  const world::FileDescriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  setsockopt(probe.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return bind(probe.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

Result<Instance> reserve_instance(const Settings& settings, const Region& region, Instance wanted) {
  const auto lock = TRY(lock_ports(region));
  auto kept = read_instance(region, wanted.operation_id);
  if (kept || kept.error().code() != ErrorCode::not_found) return kept;
  wanted.directory = Layout(region).instance(wanted.operation_id);
  wanted.port = TRY(choose_port(settings, region));
  TRY(world::make_directories(wanted.directory, 0755));
  TRY(write_instance(wanted));
  return wanted;
}

Result<Instance> move_port(const Settings& settings, const Region& region, Instance instance) {
  const auto lock = TRY(lock_ports(region));
  instance.port = TRY(choose_port(settings, region));
  TRY(write_instance(instance));
  return instance;
}

std::optional<uint16_t> known_endpoint_port(const Settings& settings, const Region& region,
                                            const std::string& cluster) {
  const auto configured = settings.clusters.find(cluster);
  if (configured != settings.clusters.end()) {
    const auto fixed = configured->second.endpoint_ports.find(region.name);
    if (fixed != configured->second.endpoint_ports.end()) return fixed->second;
  }
  return kept_endpoint_port(region, cluster);
}

Result<uint16_t> reserve_endpoint_port(const Settings& settings, const Region& region,
                                       const std::string& cluster) {
  TRY(check_cluster_name(cluster));
  TRY(world::make_directories(Layout(region).cluster(cluster), 0755));
  const auto lock = TRY(lock_ports(region));
  auto port = known_endpoint_port(settings, region, cluster);
  if (!port) port = TRY(choose_port(settings, region));
  if (port != kept_endpoint_port(region, cluster)) {
    const json::Value written = json::Value::object({{"port", *port}});
    TRY(world::write_file_atomically(endpoint_file(region, cluster), json::write(written) + "\n",
                                     0644));
  }
  return *port;
}

}  // namespace pawl::restore
