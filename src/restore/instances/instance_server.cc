#include "restore/instances/instance_server.h"

#include <fcntl.h>

#include "base/text.h"
#include "restore/instances/instance_files.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

constexpr Duration stop_limit = minutes(2);
constexpr Duration answer_limit = seconds(10);
constexpr size_t socket_path_max = 107;

postgres::ServerOptions server_options(const Settings& settings, const Instance& instance) {
  return {.binaries = settings.postgres_directory,
          .data_directory = instance.data(),
          .account = server_account(settings),
          .log_file = instance.log(),
          .settings = {}};
}

}  // namespace

InstanceServer::InstanceServer(const Settings& settings, world::Processes& processes,
                               Instance instance)
    : settings_(settings),
      instance_(std::move(instance)),
      server_(processes, server_options(settings, instance_)) {}

Result<void> InstanceServer::start(const world::Cancellation& cancellation, Duration limit) {
  if (!server_.is_running() && !is_port_free(instance_.port)) {
    const auto region = settings_.regions.find(instance_.region);
    CHECK(region != settings_.regions.end());
    instance_ = TRY(move_port(settings_, region->second, instance_));
    TRY(write_port(settings_, instance_));
  }
  TRY(server_.start(limit, cancellation));
  const Way way = TRY(this->way(""));
  return server_.wait_until_answers(way.options, limit, cancellation);
}

Result<void> InstanceServer::stop() {
  auto stopped = server_.stop(postgres::StopMode::fast, stop_limit);
  if (stopped || stopped.error().code() != ErrorCode::timed_out) return stopped;
  return server_.stop(postgres::StopMode::immediate, stop_limit);
}

Result<InstanceServer::Way> InstanceServer::way(const std::string& database) const {
  Way way;
  way.options.host = instance_.socket();
  way.options.port = instance_.port;
  way.options.limit = settings_.connection_limit;
  const auto source = settings_.clusters.find(instance_.snapshot_cluster);
  if (source != settings_.clusters.end()) {
    way.options.user = source->second.user;
    way.options.database = source->second.database;
  }
  if (!database.empty()) way.options.database = database;
  const std::string longest = concat(way.options.host, "/.s.PGSQL.", instance_.port);
  if (longest.size() <= socket_path_max) return way;
  // A socket's path has 107 bytes at most; by way of an open folder it is short.
  way.folder =
      TRY(world::open_file(instance_.socket(), O_PATH | O_DIRECTORY, "cannot open the folder"));
  way.options.host = concat("/proc/self/fd/", way.folder.number());
  return way;
}

Result<postgres::Connection> InstanceServer::connect(const std::string& database,
                                                     const world::Cancellation& cancellation) {
  const Way way = TRY(this->way(database));
  return postgres::Connection::open(way.options, &cancellation);
}

Result<void> InstanceServer::answer(const world::Cancellation& cancellation) {
  auto connection = TRY(connect("", cancellation));
  TRY(connection.execute("SELECT 1", {}, {answer_limit, &cancellation}));
  return {};
}

Result<std::vector<std::string>> InstanceServer::databases(
    const world::Cancellation& cancellation) {
  auto connection = TRY(connect("", cancellation));
  const auto rows = TRY(connection.execute(
      "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1"));
  std::vector<std::string> names;
  for (size_t row = 0; row < rows.size(); ++row) names.emplace_back(rows.at(row, 0));
  return names;
}

Result<void> InstanceServer::open_logins(const world::Cancellation& cancellation) {
  const std::string loaded_at = "SELECT extract(epoch FROM pg_conf_load_time())::numeric(20, 6)";
  auto before = TRY(TRY(connect("", cancellation)).execute(loaded_at));
  TRY(write_access_rules(settings_, instance_, Logins::open));
  TRY(server_.reload());
  // A reload is a signal. A session that was opened after it has been handled knows its time, and
  // the rules are loaded together with the settings.
  for (int tries = 0; tries < 1000; ++tries) {
    const auto now = TRY(TRY(connect("", cancellation)).execute(loaded_at));
    if (now.at(0, 0) != before.at(0, 0)) return {};
    if (cancellation.wait_for(milliseconds(10))) break;
  }
  return Error(ErrorCode::unavailable,
               concat("the server in ", instance_.directory, " did not load its access rules"));
}

}  // namespace pawl::restore
