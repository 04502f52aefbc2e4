#include "restore/instances/endpoint.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <thread>

#include "base/text.h"
#include "restore/instances/instance.h"
#include "restore/instances/instance_files.h"
#include "restore/instances/port_holder.h"
#include "restore/layout.h"
#include "world/file_lock.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

constexpr seconds start_limit(10);
constexpr milliseconds glance(10);

struct Listener {
  pid_t pid = 0;
  int64_t port = 0;
};

// The forwarder that runs now; its lock says so, its text only who it is.
std::optional<Listener> listener_of(const std::string& folder) {
  const std::string path = folder + "/endpoint.lock";
  if (!world::exists(path)) return std::nullopt;
  if (world::FileLock::take(path, world::LockKind::shared)) return std::nullopt;
  const auto text = world::read_file(path);
  if (!text) return Listener();
  const auto words = split(trim(*text), ' ');
  if (words.size() != 2) return Listener();
  return Listener{static_cast<pid_t>(parse_integer(words[0]).value_or(0)),
                  parse_integer(words[1]).value_or(0)};
}

// True where the condition held before the time had passed.
template <typename Condition>
bool comes_true(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + start_limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(glance);
  }
  return true;
}

}  // namespace

Result<void> check_endpoint_port(const Region& region, const std::string& cluster, uint16_t port) {
  if (is_port_free(port)) return {};
  // Asked afterwards: it may have begun to listen in between, and not have said where yet.
  const auto running = listener_of(Layout(region).cluster(cluster));
  if (running && (running->port == port || running->port == 0)) return {};
  return Error(ErrorCode::conflict,
               concat("port ", port, " of the endpoint of ", cluster, " in ", region.name,
                      " is taken by ", port_holder(port)),
               concat("Stop it, or ask whose it is to; or give the cluster another port: ",
                      "clusters.", cluster, ".endpoint_ports in the configuration."))
      .with_kind("Restore.PortTaken");
}

Result<Endpoint> Endpoints::address(const Region& region, const std::string& cluster) {
  Endpoint endpoint;
  endpoint.host = Layout(region).socket(cluster);
  endpoint.address = "127.0.0.1";
  endpoint.port = TRY(reserve_endpoint_port(settings_, region, cluster));
  return endpoint;
}

Result<Endpoint> Endpoints::ensure(const Region& region, const std::string& cluster) {
  const Endpoint endpoint = TRY(address(region, cluster));
  const std::string folder = Layout(region).cluster(cluster);
  TRY(check_reachable(settings_, folder));
  const auto guard = TRY(world::FileLock::wait(folder + "/endpoint.guard"));
  const auto running = listener_of(folder);
  if (running && running->port == endpoint.port) return endpoint;
  if (running) TRY(stop(region, cluster));
  // It was free when the target was prepared: whoever came since may go again.
  if (const auto free = check_endpoint_port(region, cluster, endpoint.port); !free) {
    return Error(ErrorCode::unavailable, free.error().message(), free.error().hint());
  }
  world::Program program;
  program.arguments = {program_, "endpoint", "--cluster-directory",
                       folder,   "--port",   concat(endpoint.port)};
  const std::string account = server_account(settings_);
  if (!account.empty()) {
    // It becomes the account by itself: that account may not be allowed to reach the program.
    program.arguments.insert(program.arguments.end(), {"--account", account});
  }
  program.directory = "/";
  TRY(processes_.start_detached(program, folder + "/endpoint.log"));
  const bool listens = comes_true([&] {
    const auto listener = listener_of(folder);
    return listener && listener->port == endpoint.port;
  });
  if (listens) return endpoint;
  return Error(ErrorCode::unavailable,
               concat("the endpoint of ", cluster, " in ", region.name, " did not start"),
               concat("Look into ", folder, "/endpoint.log."));
}

Result<void> Endpoints::stop(const Region& region, const std::string& cluster) {
  const std::string folder = Layout(region).cluster(cluster);
  const auto running = listener_of(folder);
  if (!running || running->pid <= 0) return {};
  kill(running->pid, SIGTERM);
  if (comes_true([&] { return !listener_of(folder).has_value(); })) return {};
  return Error(ErrorCode::timed_out, concat("the endpoint of ", cluster, " does not stop"));
}

}  // namespace pawl::restore
