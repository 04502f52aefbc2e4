#include "restore/snapshots/take_snapshot.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "postgres/test_server.h"
#include "restore/snapshots/archive_tier.h"
#include "restore/snapshots/copy.h"
#include "restore/snapshots/inventory.h"
#include "world/os_clock.h"

namespace pawl::restore {
namespace {

using postgres::Connection;
using postgres::TestDirectory;
using postgres::TestServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* odd_name = "it's a \"database\"";

// A source with two databases, two regions, and what is needed to restore from them.
class Fleet {
 public:
  Fleet() {
    for (const char* region : {"east", "west"}) {
      settings.regions[region] = {
          .name = region, .directory = source.directory.path() + "/" + region, .space_limit = {}};
      CHECK(world::make_directories(settings.regions[region].directory, 0755).has_value());
    }
    Cluster cluster;
    cluster.name = "shop";
    cluster.region = "east";
    cluster.host = source.directory.path();
    cluster.data_directory = source.server.options().data_directory;
    settings.clusters["shop"] = cluster;
    settings.copy_threads = 2;
    for (const std::string& database : {std::string("postgres"), std::string(odd_name)}) {
      if (database == odd_name)
        source.ask("CREATE DATABASE " + postgres::quote_identifier(odd_name));
      source.ask(
          "CREATE SCHEMA sales; CREATE TABLE sales.orders (id bigserial, note text, t timestamptz "
          "DEFAULT now()); CREATE TABLE public.\"odd \"\"table\"\"\" (t text); CREATE TABLE "
          "nothing (); INSERT INTO nothing DEFAULT VALUES; CREATE UNLOGGED TABLE forgotten AS "
          "SELECT 1 AS one; INSERT INTO sales.orders (note) SELECT 'order ' || n FROM "
          "generate_series(1, 5000) n",
          database);
    }
  }

  Result<Snapshot> take(const std::string& date = "2024-11-20") {
    SnapshotRequest request;
    request.cluster = "shop";
    request.date = date;
    return SnapshotTaking(settings, source.processes, clock).take(request, source.never);
  }

  // Copies the snapshot, starts a server on the copy as any restore does and looks.
  Inventory restored(const Snapshot& snapshot) {
    const std::string target = source.directory.path() + "/restored";
    CopyOptions options;
    options.account = TestDirectory::account();
    const auto copied =
        copy_backup(snapshot.directory + "/data", target, options, {}, source.never);
    TestServer::ready(copied);
    postgres::Server server(source.processes, {.binaries = postgres::test_binaries,
                                               .data_directory = target,
                                               .account = TestDirectory::account(),
                                               .log_file = target + ".log",
                                               .settings = {{"port", "5499"}}});
    TestServer::ready(server.start(minutes(1), source.never));
    auto connection = source.options();
    connection.port = 5499;
    auto inventory = take_inventory(connection, 2, {}, source.never);
    TestServer::ready(inventory);
    TestServer::ready(server.stop(postgres::StopMode::fast, minutes(1)));
    TestServer::ready(world::remove_tree(target));
    return std::move(*inventory);
  }

  std::string pg_verifybackup(const Snapshot& snapshot) {
    world::Program program;
    program.arguments = {concat(postgres::test_binaries, "/pg_verifybackup"), "--quiet",
                         snapshot.directory + "/data"};
    program.account = TestDirectory::account();
    program.directory = "/";
    const auto exit = source.processes.run(program, minutes(1), source.never);
    CHECK(exit.has_value());
    return exit->output + exit->errors;
  }

  TestServer source;
  world::OsClock clock;
  Settings settings;
};

// Writes to both databases as fast as it can until it goes. With subtransactions, every transaction
// holds a hundred of them, more than a standby is told of.
class Writers {
 public:
  Writers(const Fleet& fleet, bool with_subtransactions) {
    for (const char* database : {"postgres", odd_name, odd_name}) {
      threads_.emplace_back([this, &fleet, database, with_subtransactions] {
        Connection connection = fleet.source.connect(database);
        while (!is_over_) write(connection, with_subtransactions);
      });
    }
    while (turns_ < 10) std::this_thread::yield();
  }
  ~Writers() {
    is_over_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void write(Connection& connection, bool with_subtransactions) {
    if (with_subtransactions) {
      CHECK(connection.execute(
          "DO $$ BEGIN FOR n IN 1..100 LOOP BEGIN INSERT INTO sales.orders (note) VALUES "
          "('sub ' || n); EXCEPTION WHEN unique_violation THEN END; END LOOP; END $$"));
    } else {
      CHECK(connection.execute("INSERT INTO sales.orders (note) VALUES ('more'), ('and more')"));
      // Writers may meet in a deadlock, and then PostgreSQL ends one of the statements.
      (void)connection.execute("UPDATE sales.orders SET note = note || '!' WHERE id % 1000 = 7");
      (void)connection.execute("DELETE FROM sales.orders WHERE id % 1000 = 9");
    }
    ++turns_;
  }

  std::atomic<bool> is_over_{false};
  std::atomic<int> turns_{0};
  std::vector<std::thread> threads_;
};

TEST(snapshot, has_the_inventory_of_exactly_what_it_restores_to_while_the_source_is_written_to) {
  NEEDS_POSTGRES();
  Fleet fleet;
  const std::string data_directory = fleet.settings.clusters["shop"].data_directory;
  int day = 0;
  for (const std::string& source : {data_directory, std::string()}) {
    fleet.settings.clusters["shop"].data_directory = source;
    for (const bool with_subtransactions : {false, true}) {
      SCOPED_TRACE(concat(source.empty() ? "streamed" : "copied",
                          with_subtransactions ? ", subtransactions" : ""));
      const std::string date = concat("2024-11-1", ++day);
      Result<Snapshot> snapshot = Error(ErrorCode::failed, "");
      {
        const Writers writers(fleet, with_subtransactions);
        snapshot = fleet.take(date);
      }
      ASSERT_TRUE(snapshot) << snapshot.error().text();
      EXPECT_EQ(fleet.pg_verifybackup(*snapshot), "");
      EXPECT_THAT(differences(snapshot->inventory, fleet.restored(*snapshot)), IsEmpty());
      // The source has gone on, so it is not what was compared.
      const auto now = take_inventory(fleet.source.options(), 2, {}, fleet.source.never);
      ASSERT_TRUE(now);
      EXPECT_THAT(differences(snapshot->inventory, *now), ::testing::Not(IsEmpty()));
    }
  }
}

TEST(snapshot, describes_databases_schemas_and_tables_of_any_name) {
  NEEDS_POSTGRES();
  Fleet fleet;
  const auto snapshot = fleet.take();
  ASSERT_TRUE(snapshot) << snapshot.error().text();
  EXPECT_THAT(snapshot->inventory.databases, ElementsAre(odd_name, "postgres"));
  EXPECT_THAT(snapshot->inventory.schemas,
              ElementsAre(concat(odd_name, ".public"), concat(odd_name, ".sales"),
                          "postgres.public", "postgres.sales"));
  EXPECT_EQ(snapshot->inventory.tables.size(), 8u);
  EXPECT_EQ(snapshot->inventory.rows(), 2 * 5001);
  EXPECT_EQ(snapshot->name, "aurora-snapshot-shop-2024-11-20");
  EXPECT_THAT(snapshot->engine_version, HasSubstr("15."));
  EXPECT_GT(snapshot->bytes, 1000000u);

  const auto found = Catalogue(fleet.settings).find("east", "shop", "latest");
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(to_json(*found), to_json(*snapshot));
  EXPECT_EQ(found->directory, snapshot->directory);
}

TEST(snapshot, can_still_be_rolled_forward_because_its_timeline_is_that_of_the_source) {
  NEEDS_POSTGRES();
  Fleet fleet;
  const auto snapshot = fleet.take();
  ASSERT_TRUE(snapshot) << snapshot.error().text();
  const postgres::Server server(fleet.source.processes,
                                {.binaries = postgres::test_binaries,
                                 .data_directory = snapshot->directory + "/data",
                                 .account = {},
                                 .log_file = {},
                                 .settings = {}});
  const auto control = server.control_data(fleet.source.never);
  ASSERT_TRUE(control);
  EXPECT_EQ(control->state, "shut down in recovery");
}

TEST(snapshot, of_a_date_that_is_taken_is_refused_and_a_dead_runs_leftover_is_not) {
  NEEDS_POSTGRES();
  Fleet fleet;
  const std::string leftover =
      Layout(fleet.settings.regions["east"]).snapshot("shop", "2024-11-20") + "/data";
  ASSERT_TRUE(world::make_directories(leftover, 0755));
  ASSERT_TRUE(world::write_file_atomically(leftover + "/PG_VERSION", "9", 0600));
  EXPECT_EQ(Catalogue(fleet.settings).list("east", "shop")->size(), 0u);
  const auto taken = fleet.take();
  ASSERT_TRUE(taken) << taken.error().text();
  const auto again = fleet.take();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::already_exists);
}

TEST(snapshot, that_would_pass_the_regions_limit_leaves_nothing_behind) {
  NEEDS_POSTGRES();
  Fleet fleet;
  fleet.settings.regions["east"].space_limit = 10000000;
  for (const std::string& source :
       {fleet.settings.clusters["shop"].data_directory, std::string()}) {
    fleet.settings.clusters["shop"].data_directory = source;
    const auto snapshot = fleet.take();
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().code(), ErrorCode::out_of_space) << snapshot.error().text();
    EXPECT_THAT(snapshot.error().text(), HasSubstr("MB are needed"));
    EXPECT_THAT(snapshot.error().text(), HasSubstr(" MB are free"));
    EXPECT_FALSE(
        world::exists(Layout(fleet.settings.regions["east"]).snapshot("shop", "2024-11-20")));
  }
}

TEST(archive_tier, gives_back_a_snapshot_whose_manifest_verifies) {
  NEEDS_POSTGRES();
  Fleet fleet;
  const auto snapshot = fleet.take();
  ASSERT_TRUE(snapshot) << snapshot.error().text();
  auto& processes = fleet.source.processes;
  const auto archived = archive(fleet.settings, processes, *snapshot, fleet.source.never);
  ASSERT_TRUE(archived) << archived.error().text();
  EXPECT_LT(archived->bytes, snapshot->bytes / 2);
  ASSERT_TRUE(world::remove_tree(snapshot->directory));
  const auto listed = list_archived(fleet.settings, "east", "shop");
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 1u);
  const auto back = unarchive(fleet.settings, processes, listed->front(), fleet.source.never);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(to_json(*back), to_json(*snapshot));
  EXPECT_EQ(fleet.pg_verifybackup(*back), "");
  EXPECT_THAT(differences(snapshot->inventory, fleet.restored(*back)), IsEmpty());
}

TEST(snapshot, of_a_date_that_is_archived_in_its_own_region_is_refused) {
  NEEDS_POSTGRES();
  Fleet fleet;
  const auto snapshot = fleet.take();
  ASSERT_TRUE(snapshot) << snapshot.error().text();
  ASSERT_TRUE(archive(fleet.settings, fleet.source.processes, *snapshot, fleet.source.never));
  ASSERT_TRUE(world::remove_tree(snapshot->directory));
  const auto again = fleet.take();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::already_exists);
  EXPECT_THAT(again.error().text(), HasSubstr("there is an archived snapshot of shop of 2024-11-20 "
                                              "in east already"));
  EXPECT_THAT(again.error().hint(),
              HasSubstr("`pawl snapshot delete shop 2024-11-20 --region east`"));
  EXPECT_TRUE(fleet.take("2024-11-19"));
}

TEST(archive_tier, that_was_damaged_gives_back_nothing) {
  NEEDS_POSTGRES();
  Fleet fleet;
  const auto snapshot = fleet.take();
  ASSERT_TRUE(snapshot) << snapshot.error().text();
  auto& processes = fleet.source.processes;
  const auto archived = archive(fleet.settings, processes, *snapshot, fleet.source.never);
  ASSERT_TRUE(archived);
  ASSERT_TRUE(world::remove_tree(snapshot->directory));
  std::string bytes = *world::read_file(archived->file);
  bytes[bytes.size() / 2] ^= 1;
  ASSERT_TRUE(world::write_file_atomically(archived->file, bytes, 0644));
  EXPECT_FALSE(unarchive(fleet.settings, processes, *archived, fleet.source.never));
  EXPECT_FALSE(world::exists(snapshot->directory));
}

TEST(catalogue, refuses_other_dates_and_names_those_that_exist) {
  NEEDS_POSTGRES();
  Fleet fleet;
  ASSERT_TRUE(fleet.take("2024-11-19"));
  ASSERT_TRUE(fleet.take("2024-11-20"));
  const Catalogue catalogue(fleet.settings);
  EXPECT_EQ(catalogue.find("east", "shop", "latest")->date, "2024-11-20");
  const auto missing = catalogue.find("east", "shop", "2024-11-18");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), ErrorCode::not_found);
  EXPECT_THAT(missing.error().hint(), HasSubstr("2024-11-19, 2024-11-20"));
  EXPECT_EQ(catalogue.find("east", "shop", "yesterday").error().code(),
            ErrorCode::invalid_argument);
  EXPECT_EQ(catalogue.find("east", "shop", "2026-02-30").error().code(),
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace pawl::restore
