#pragma once

#include <unistd.h>

#include <string>

#include "functions/function.h"
#include "json/parse.h"
#include "json/write.h"
#include "postgres/test_server.h"
#include "restore/layout.h"
#include "restore/postgres_provider.h"
#include "restore/register.h"
#include "restore/snapshots/inventory.h"
#include "world/os_clock.h"

#define EXPECT_DONE(outcome) \
  EXPECT_TRUE((outcome).has_value()) << (outcome).error().error << ": " << (outcome).error().cause

namespace pawl::restore {

// For tests: a real source with data, two regions, a snapshot in the first, and the functions of
// this room, called as a workflow would. Ports are taken from a range of this process's own and
// only where they are free.
class TestFleet {
 public:
  explicit TestFleet(Duration grace = hours(1))
      : operations(settings_with(grace), clock),
        target_lock(settings, clock),
        catalogue(settings),
        provider(settings, clock, source.processes, own_program()) {
    source.ask(
        "CREATE SCHEMA \"Sales & more\"; CREATE TABLE \"Sales & more\".orders (id serial PRIMARY "
        "KEY, note text); INSERT INTO \"Sales & more\".orders (note) SELECT 'order ' || n FROM "
        "generate_series(1, 2000) n; CREATE TABLE plain (n int); INSERT INTO plain VALUES (1)");
    register_functions(registry, services);
  }

  ~TestFleet() {
    for (const auto& [name, region] : settings.regions) {
      const auto instances = list_instances(region);
      for (const Instance& instance : instances ? *instances : std::vector<Instance>()) {
        InstanceServer server(settings, source.processes, instance);
        static_cast<void>(server.server().stop(postgres::StopMode::immediate, seconds(30)));
      }
      static_cast<void>(provider.endpoints().stop(region, "shop"));
    }
  }

  const Region& west() const { return settings.regions.at("west"); }

  Snapshot take(const std::string& date) {
    Snapshot snapshot;
    snapshot.name = "aurora-snapshot-shop-" + date;
    snapshot.cluster = "shop";
    snapshot.region = "east";
    snapshot.date = date;
    snapshot.taken = clock.now();
    snapshot.engine_version = source.connect().server_version();
    snapshot.system_identifier = source.ask("SELECT system_identifier FROM pg_control_system()");
    snapshot.directory = Layout(settings.regions.at("east")).snapshot("shop", date);
    TestServer::ready(world::make_directories(snapshot.directory, 0755));
    TestDirectory::give_away(snapshot.directory);
    world::Program program;
    program.arguments = {concat(postgres::test_binaries, "/pg_basebackup"),
                         "-h",
                         source.directory.path(),
                         "-U",
                         "postgres",
                         "-c",
                         "fast",
                         "-X",
                         "fetch",
                         "-D",
                         snapshot.directory + "/data"};
    program.account = TestDirectory::account();
    program.directory = "/";
    const auto exit = source.processes.run(program, minutes(2), source.never);
    TestServer::ready(exit);
    CHECK(exit->status == 0);
    auto inventory = take_inventory(source.options(), 1, {}, source.never);
    TestServer::ready(inventory);
    snapshot.inventory = *inventory;
    auto bytes = world::tree_bytes(snapshot.directory);
    TestServer::ready(bytes);
    snapshot.bytes = *bytes;
    TestServer::ready(world::write_file_atomically(snapshot.directory + "/snapshot.json",
                                                   json::write(to_json(snapshot)), 0644));
    return snapshot;
  }

  asl::Outcome<json::Value> call(const std::string& step, json::Value event) {
    const functions::Function* function = registry.find("aurora-restore-" + step);
    CHECK(function != nullptr);
    functions::Call call{concat("request-", ++calls_),
                         function->name,
                         "",
                         "",
                         0,
                         clock.now() + minutes(5),
                         std::move(event),
                         source.never,
                         [](engine::Progress) {}};
    return function->body(call);
  }

  // The steps of the straight line, each with the answer of the one before.
  asl::Outcome<json::Value> straight_line(json::Value event) {
    for (const char* step : {"snapshot-check", "copy-snapshot", "check-copy-status",
                             "restore-snapshot", "check-restore-status", "setup-db-users"}) {
      event = TRY(call(step, event));
    }
    return event;
  }

  static json::Value input(const std::string& operation_id) {
    return json::Value::object({{"operation_id", operation_id},
                                {"cluster_name", "shop"},
                                {"snapshot_date", "latest"},
                                {"target_region", "west"}});
  }

  void write_secrets(const std::string& text) {
    settings.secrets_file = source.directory.path() + "/secrets.toml";
    TestServer::ready(world::write_file_atomically(settings.secrets_file, text, 0600));
  }

  using TestServer = postgres::TestServer;
  using TestDirectory = postgres::TestDirectory;

  TestServer source;
  world::OsClock clock;
  Settings settings;
  Operations operations;
  TargetLock target_lock;
  Catalogue catalogue;
  PostgresProvider provider;
  Services services{settings,    clock,     source.processes, operations,
                    target_lock, catalogue, provider,         {}};
  functions::Registry registry;

 private:
  static std::string own_program() {
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    CHECK(length > 0);
    return std::string(path, static_cast<size_t>(length));
  }

  const Settings& settings_with(Duration grace) {
    settings.grace = grace;
    settings.postgres_parameters = {{"shared_buffers", "16MB"}, {"fsync", "off"}};
    const auto first = static_cast<uint16_t>(20000 + getpid() * 50 % 12000);
    for (const char* name : {"east", "west"}) {
      Region region{name, source.directory.path() + "/" + name, first,
                    static_cast<uint16_t>(first + 49), std::nullopt};
      TestServer::ready(world::make_directories(region.directory, 0755));
      settings.regions[name] = region;
    }
    Cluster cluster;
    cluster.name = "shop";
    cluster.region = "east";
    cluster.host = source.directory.path();
    settings.clusters["shop"] = cluster;
    return settings;
  }

  int calls_ = 0;
};

}  // namespace pawl::restore
