#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "postgres/manifest.h"
#include "restore/instances/endpoint_forwarder.h"
#include "restore/instances/removal.h"
#include "restore/questions/snapshot_row.h"
#include "restore/testing_fleet.h"
#include "restore/testing_stranger.h"

namespace pawl::restore {
namespace {

using ::testing::HasSubstr;

// The endpoint is a process of its own, started as "<program> endpoint …": here that is this test.
struct EndpointProgram {
  EndpointProgram() {
    const auto read = world::read_file("/proc/self/cmdline");
    const std::string text = read ? *read : "";
    const auto words = split(text, '\0');
    if (words.size() < 6 || words[1] != "endpoint") return;
    EndpointOptions options;
    options.cluster_directory = words[3];
    options.port = static_cast<uint16_t>(parse_integer(words[5]).value_or(0));
    if (words.size() > 7) options.account = words[7];
    _exit(run_endpoint_forwarder(options));
  }
} const endpoint_program;

postgres::ConnectionOptions at(const json::Value& answer, std::string user, std::string password) {
  postgres::ConnectionOptions options;
  options.host = answer["endpoint"].string_at("address").value_or("");
  options.port = static_cast<uint16_t>(answer["endpoint"].integer_at("port").value_or(0));
  options.user = std::move(user);
  options.password = std::move(password);
  return options;
}

std::string ask(const postgres::ConnectionOptions& options, const std::string& sql) {
  auto connection = postgres::Connection::open(options);
  if (!connection) return connection.error().message();
  auto rows = connection->execute(sql);
  if (!rows) return rows.error().message();
  return rows->size() == 0 || rows->columns() == 0 ? "done" : std::string(rows->at(0, 0));
}

// A shop that the operation "first" has restored, with a user "app".
struct ServingFleet : TestFleet {
  ServingFleet() {
    write_secrets("[default]\napp = { username = \"app\", password = \"secret\" }\n");
    take("2024-11-20");
    const auto restored = straight_line(input("first"));
    EXPECT_DONE(restored);
    if (restored) answer = *restored;
  }
  InstanceServer server() {
    const auto instance = read_instance(west(), "first");
    CHECK(instance.has_value());
    return InstanceServer(settings, source.processes, *instance);
  }
  std::string ask_app(const std::string& sql) { return ask(at(answer, "app", "secret"), sql); }
  // As if they had died.
  void kill_server_and_endpoint() {
    EXPECT_TRUE(server().server().stop(postgres::StopMode::immediate, minutes(1)).has_value());
    EXPECT_TRUE(provider.endpoints().stop(west(), "shop").has_value());
  }

  json::Value answer;
};

constexpr const char* odd_secrets =
    "[default]\n"
    "app = { username = \"it's an \\\"app\\\"\", password = \"p'w \\\\ \\\" ü %s\" }\n"
    "readonly = { username = \"Reader; DROP\", password = \"$1 --\" }\n";
constexpr const char* app_name = "it's an \"app\"";
constexpr const char* app_password = "p'w \\ \" ü %s";

TEST(restore, brings_a_snapshot_to_another_region_by_the_straight_line_of_steps) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.write_secrets(odd_secrets);
  fleet.take("2024-11-20");
  fleet.source.ask("INSERT INTO plain VALUES (2)");

  const auto answer = fleet.straight_line(TestFleet::input("first"));

  ASSERT_TRUE(answer.has_value()) << answer.error().error << ": " << answer.error().cause;
  EXPECT_EQ((*answer)["verification_status"], "verified");
  const auto app = at(*answer, app_name, app_password);
  const auto reader = at(*answer, "Reader; DROP", "$1 --");
  EXPECT_EQ(ask(app, "SELECT count(*) FROM \"Sales & more\".orders"), "2000");
  EXPECT_EQ(ask(app, "SELECT count(*) FROM plain"), "1");
  EXPECT_EQ(ask(app, "INSERT INTO \"Sales & more\".orders (note) VALUES ('x') RETURNING id"),
            "2001");
  EXPECT_EQ(ask(reader, "SELECT count(*) FROM \"Sales & more\".orders"), "2001");
  EXPECT_THAT(ask(reader, "BEGIN READ WRITE; DELETE FROM plain"), HasSubstr("permission denied"));
  EXPECT_THAT(ask(at(*answer, app_name, "wrong"), "SELECT 1"), HasSubstr("authentication failed"));
  const auto unix_socket = [&] {
    auto options = app;
    options.host = (*answer)["endpoint"].string_at("host").value_or("");
    return options;
  }();
  EXPECT_EQ(ask(unix_socket, "SELECT 7"), "7");
}

TEST(restore, writes_no_password_into_any_file) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.settings.postgres_parameters["log_statement"] = "all";
  fleet.write_secrets("[default]\napp = { username = \"app\", password = \"needle-4711\" }\n");
  fleet.take("2024-11-20");
  EXPECT_DONE(fleet.straight_line(TestFleet::input("first")));

  world::Program grep;
  grep.arguments = {"grep",
                    "-rlE",
                    "needle-4711|SCRAM-SHA-256",
                    fleet.west().directory,
                    "--exclude-dir=base",
                    "--exclude-dir=global",
                    "--exclude-dir=pg_wal"};
  const auto found = fleet.source.processes.run(grep, minutes(1), fleet.source.never);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->output, "");
}

TEST(restore, sets_up_users_again_without_harm_and_takes_rights_from_an_inherited_reader) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.write_secrets(odd_secrets);
  fleet.source.ask(
      "CREATE ROLE \"Reader; DROP\" SUPERUSER LOGIN PASSWORD 'old'; GRANT ALL ON plain TO "
      "\"Reader; DROP\"; GRANT pg_write_all_data TO \"Reader; DROP\"");
  fleet.take("2024-11-20");
  const auto answer = fleet.straight_line(TestFleet::input("first"));
  ASSERT_TRUE(answer.has_value()) << answer.error().cause;

  EXPECT_DONE(fleet.call("setup-db-users", TestFleet::input("first")));

  const auto reader = at(*answer, "Reader; DROP", "$1 --");
  EXPECT_EQ(ask(reader, "SELECT count(*) FROM plain"), "1");
  EXPECT_THAT(ask(reader, "BEGIN READ WRITE; DELETE FROM plain"), HasSubstr("permission denied"));
  EXPECT_EQ(ask(reader, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"), "f");
}

TEST(restore, names_what_rights_of_public_let_the_reader_change) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.write_secrets(odd_secrets);
  fleet.source.ask("GRANT CREATE ON SCHEMA public TO PUBLIC; GRANT INSERT ON plain TO PUBLIC");
  fleet.take("2024-11-20");
  ASSERT_TRUE(fleet.straight_line(TestFleet::input("first")).has_value());
  const auto state = fleet.operations.read("west", "first");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ((*state)["warnings"]["public_rights"]["cause"],
            "rights of PUBLIC let \"Reader; DROP\" create tables in schema public in database "
            "postgres; rights of PUBLIC let \"Reader; DROP\" write to public.plain in database "
            "postgres");
}

TEST(restore, says_that_a_cluster_without_page_checksums_was_not_checked_page_by_page) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  auto& source = fleet.source;
  ASSERT_TRUE(source.server.stop(postgres::StopMode::fast, minutes(1)).has_value());
  world::Program disable;
  disable.arguments = {concat(postgres::test_binaries, "/pg_checksums"), "--disable", "-D",
                       source.directory.path() + "/data"};
  disable.account = TestFleet::TestDirectory::account();
  disable.directory = "/";
  const auto disabled = source.processes.run(disable, minutes(1), source.never);
  ASSERT_TRUE(disabled.has_value() && disabled->status == 0) << disabled->errors;
  ASSERT_TRUE(source.server.start(minutes(1), source.never).has_value());
  fleet.take("2024-11-20");

  const auto answer = fleet.straight_line(TestFleet::input("first"));
  ASSERT_TRUE(answer.has_value()) << answer.error().cause;
  EXPECT_EQ((*answer)["pages_checked"], 0);
  EXPECT_THAT((*answer)["warnings"]["page_checksums"].string_at("cause").value_or(""),
              HasSubstr("page checksums are off in this cluster"));
}

TEST(restore, does_not_swap_in_a_server_whose_rows_were_changed) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  const json::Value input = TestFleet::input("first").with("publish", "explicit");
  ASSERT_TRUE(fleet.straight_line(input).has_value());
  auto instance = read_instance(fleet.west(), "first");
  ASSERT_TRUE(instance.has_value());
  InstanceServer server(fleet.settings, fleet.source.processes, *instance);
  auto connection = server.connect("", fleet.source.never);
  ASSERT_TRUE(connection.has_value());
  ASSERT_TRUE(connection->execute("UPDATE plain SET n = 3").has_value());

  const auto verified = fleet.call("verify-restore", input);
  ASSERT_FALSE(verified.has_value());
  EXPECT_EQ(verified.error().error, "Restore.VerificationFailed");
  EXPECT_THAT(verified.error().cause, HasSubstr("plain"));
  EXPECT_FALSE(fleet.call("swap-cluster", input).has_value());
  EXPECT_FALSE(serving_operation(fleet.west(), "shop").has_value());

  EXPECT_DONE(fleet.call("record-failure", input));
  EXPECT_FALSE(world::exists(instance->directory));
  const auto holder = fleet.target_lock.holder("west", "shop");
  EXPECT_TRUE(holder.has_value() && !holder->has_value());
}

TEST(restore, never_lets_a_client_find_no_server_while_it_is_swapped_and_swapped_back) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.write_secrets("[default]\napp = { username = \"app\", password = \"secret\" }\n");
  fleet.take("2024-11-20");
  const auto first = fleet.straight_line(TestFleet::input("first"));
  ASSERT_TRUE(first.has_value()) << first.error().cause;
  fleet.source.ask("INSERT INTO plain VALUES (2)");
  fleet.take("2024-11-21");

  const auto app = at(*first, "app", "secret");
  std::atomic<bool> is_over{false};
  std::atomic<int> asked{0};
  std::string trouble;
  std::thread client([&] {
    while (!is_over) {
      const std::string count = ask(app, "SELECT count(*) FROM plain");
      if (count != "1" && count != "2") trouble = count;
      ++asked;
    }
  });
  const auto second = fleet.straight_line(TestFleet::input("second"));
  const std::string after = ask(app, "SELECT count(*) FROM plain");
  const auto back = fleet.provider.swap_back("second", "west", "shop");
  const std::string taken_back = ask(app, "SELECT count(*) FROM plain");
  is_over = true;
  client.join();

  ASSERT_TRUE(second.has_value()) << second.error().cause;
  EXPECT_EQ((*second)["replaced_instance"], "first");
  EXPECT_EQ(after, "2");
  ASSERT_TRUE(back.has_value()) << back.error().text();
  EXPECT_EQ(taken_back, "1");
  EXPECT_EQ(trouble, "");
  EXPECT_GT(asked, 0);
  EXPECT_EQ(fleet.provider.swap_back("first", "west", "shop").has_value(), false);
}

TEST(restore, refuses_a_second_operation_on_a_target_until_the_first_has_ended) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  ASSERT_TRUE(fleet.call("prepare-target", TestFleet::input("first")).has_value());

  const auto refused = fleet.call("prepare-target", TestFleet::input("second"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().error, "Restore.TargetBusy");
  EXPECT_THAT(refused.error().cause, HasSubstr("first"));
  EXPECT_DONE(fleet.call("prepare-target", TestFleet::input("first")));
  EXPECT_DONE(fleet.call("record-failure", TestFleet::input("second")));
  EXPECT_FALSE(fleet.call("prepare-target", TestFleet::input("third")).has_value());

  EXPECT_DONE(fleet.call("record-failure", TestFleet::input("first")));
  EXPECT_DONE(fleet.call("prepare-target", TestFleet::input("third")));
}

TEST(restore, takes_a_target_over_from_an_execution_that_does_not_run_any_more) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  ASSERT_TRUE(fleet.call("prepare-target", TestFleet::input("first")).has_value());
  ASSERT_TRUE(
      fleet.operations.merge("west", "first", json::Value::object({{"execution_arn", "arn:dead"}}))
          .has_value());
  fleet.services.is_running = [](const std::string& arn) { return arn != "arn:dead"; };

  EXPECT_DONE(fleet.call("prepare-target", TestFleet::input("second")));
  const auto first = fleet.operations.read("west", "first");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ((*first)["status"], "STOPPED");
  EXPECT_EQ((*first)["cause"], "execution arn:dead does not run any more");
}

TEST(restore, names_the_dates_there_are_where_one_has_no_snapshot) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  const auto missing =
      fleet.call("snapshot-check", TestFleet::input("first").with("snapshot_date", "2024-11-19"));
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().error, "Restore.SnapshotNotFound");
  EXPECT_THAT(missing.error().cause, HasSubstr("2024-11-20"));
  const auto bad =
      fleet.call("snapshot-check", TestFleet::input("first").with("snapshot_date", "yesterday"));
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().error, "Restore.InvalidInput");
}

TEST(restore, keeps_only_what_was_replaced_last) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  for (const char* id : {"first", "second", "third"}) {
    EXPECT_DONE(fleet.straight_line(TestFleet::input(id)));
  }
  EXPECT_FALSE(world::exists(Layout(fleet.west()).instance("first")));
  ASSERT_TRUE(fleet.provider.swap_back("third", "west", "shop").has_value());
  const auto further = fleet.provider.swap_back("second", "west", "shop");
  ASSERT_FALSE(further.has_value());
  EXPECT_EQ(further.error().code(), ErrorCode::conflict);
  EXPECT_THAT(further.error().message(), HasSubstr("first, is not kept any more"));
  EXPECT_EQ(serving_operation(fleet.west(), "shop"), "second");
}

TEST(restore, begins_anew_what_had_failed_and_forgets_why) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  EXPECT_DONE(fleet.call("prepare-target", TestFleet::input("first")));
  EXPECT_DONE(fleet.call("record-failure", TestFleet::input("first").with("error", "Restore.X")));
  EXPECT_DONE(fleet.straight_line(TestFleet::input("first")));
  const auto state = fleet.operations.read("west", "first");
  EXPECT_EQ((*state)["status"], "SUCCEEDED");
  EXPECT_TRUE((*state)["error"].is_null());
}

// As the execution does that comes out of a backup of the store, taken in the middle of it.
TEST(restore, is_not_done_again_once_another_has_taken_its_place) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  EXPECT_DONE(fleet.straight_line(TestFleet::input("first")));
  EXPECT_DONE(fleet.call("swap-cluster", TestFleet::input("first")));  // it serves still
  EXPECT_DONE(fleet.straight_line(TestFleet::input("second")));
  for (const char* step :
       {"snapshot-check", "prepare-target", "restore-snapshot", "swap-cluster"}) {
    const auto again = fleet.call(step, TestFleet::input("first"));
    ASSERT_FALSE(again.has_value()) << step;
    EXPECT_THAT(again.error().cause, HasSubstr("first has ended before, and is SUCCEEDED"));
  }
  EXPECT_DONE(fleet.call("record-failure", TestFleet::input("first").with("error", "Restore.X")));
  EXPECT_EQ((*fleet.operations.read("west", "first"))["status"], "SUCCEEDED");
  EXPECT_EQ(serving_operation(fleet.west(), "shop"), "second");
  EXPECT_TRUE(world::exists(Layout(fleet.west()).instance("first")));
}

TEST(restore, neither_moves_nor_removes_the_original_in_the_region_of_its_cluster) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  const Snapshot original = fleet.take("2024-11-20");
  ASSERT_TRUE(fleet.straight_line(TestFleet::input("first")).has_value());
  const auto back = TestFleet::input("back")
                        .with("source_region", "west")
                        .with("target_region", "east")
                        .with("cleanup_snapshot", true);
  ASSERT_TRUE(fleet.call("snapshot-check", back).has_value());
  EXPECT_EQ(fleet.call("archive-snapshot", back).value()["archive_status"], "skipped");
  EXPECT_EQ(fleet.call("cleanup", back).value()["cleanup_results"]["snapshot_deleted"], false);
  EXPECT_TRUE(world::exists(original.directory + "/snapshot.json"));
}

TEST(restore, serves_again_after_its_server_was_killed) {
  NEEDS_POSTGRES();
  ServingFleet fleet;
  fleet.kill_server_and_endpoint();
  fleet.provider.take_up();
  EXPECT_EQ(fleet.ask_app("SELECT count(*) FROM plain"), "1");
}

TEST(restore, keeps_up_what_serves) {
  NEEDS_POSTGRES();
  ServingFleet fleet;
  fleet.provider.take_up();
  fleet.kill_server_and_endpoint();

  std::string rows;
  for (int tries = 0; tries < 600 && rows != "1"; ++tries) {
    rows = fleet.ask_app("SELECT count(*) FROM plain");
    if (rows != "1") std::this_thread::sleep_for(milliseconds(100));
  }
  EXPECT_EQ(rows, "1");
}

TEST(restore, keeps_down_what_somebody_has_stopped_until_it_is_started) {
  NEEDS_POSTGRES();
  ServingFleet fleet;
  ASSERT_TRUE(fleet.provider.stop("west", "shop").has_value());
  fleet.provider.take_up();
  EXPECT_FALSE(fleet.server().server().is_running());
  EXPECT_THAT(fleet.ask_app("SELECT 1"), HasSubstr("refused"));

  ASSERT_TRUE(fleet.provider.start("west", "shop").has_value());
  EXPECT_EQ(fleet.ask_app("SELECT count(*) FROM plain"), "1");
  EXPECT_EQ(fleet.provider.stop("west", "other").error().code(), ErrorCode::not_found);
}

TEST(restore, names_the_unlogged_tables_that_come_back_empty_and_claims_no_rows_of_them) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.source.ask("CREATE UNLOGGED TABLE forgotten AS SELECT n FROM generate_series(1, 9) n");
  const Snapshot snapshot = fleet.take("2024-11-20");
  EXPECT_THAT(snapshot.inventory.unlogged(), ::testing::ElementsAre("postgres.public.forgotten"));
  EXPECT_EQ(questions::snapshot_row(snapshot)["tables"], 2);

  const auto answer = fleet.straight_line(TestFleet::input("first"));
  ASSERT_TRUE(answer.has_value()) << answer.error().cause;
  const auto state = fleet.operations.read("west", "first");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ((*state)["table_count"], 2);
  EXPECT_EQ((*state)["row_count"], 2001);
  EXPECT_THAT((*state)["warnings"]["unlogged_tables"].string_at("cause").value_or(""),
              HasSubstr("come back empty, since backups leave their data out: "
                        "postgres.public.forgotten"));
}

TEST(restore, meets_a_stranger_on_its_endpoints_port_before_it_moves_a_byte) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  const testing::Stranger stranger;
  fleet.settings.clusters["shop"].endpoint_ports["west"] = stranger.port();

  const auto refused = fleet.call("prepare-target", TestFleet::input("first"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().error, "Restore.PortTaken");
  EXPECT_THAT(refused.error().cause, HasSubstr(concat("port ", stranger.port(),
                                                      " of the endpoint of shop in west is "
                                                      "taken by restore_test (process ",
                                                      getpid(), ", user ")));
}

TEST(restore, removes_what_serves_and_what_it_replaced_and_restores_there_again) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  EXPECT_DONE(fleet.straight_line(TestFleet::input("first")));
  EXPECT_DONE(fleet.straight_line(TestFleet::input("second")));
  const auto port = fleet.provider.endpoints().address(fleet.west(), "shop")->port;

  ASSERT_TRUE(fleet.provider.remove("west", "shop").has_value());
  EXPECT_TRUE(list_instances(fleet.west())->empty());
  EXPECT_FALSE(serving_operation(fleet.west(), "shop").has_value());
  EXPECT_TRUE(is_port_free(port));
  EXPECT_FALSE(fleet.provider.remove("west", "shop").has_value());

  EXPECT_DONE(fleet.straight_line(TestFleet::input("third")));
  EXPECT_EQ(fleet.provider.endpoints().address(fleet.west(), "shop")->port, port);
  EXPECT_FALSE(is_kept_down(fleet.west(), "shop"));
}

// What a server of an earlier version leaves that is killed there: nothing says what was removed.
TEST(restore, removes_what_an_interrupted_removal_has_left_running) {
  NEEDS_POSTGRES();
  ServingFleet fleet;
  ASSERT_TRUE(keep_down(fleet.west(), "shop").has_value());
  const auto serving = serving_operation(fleet.west(), "shop");
  ASSERT_TRUE(serving.has_value());
  const auto link = Layout(fleet.west()).cluster("shop") + "/current";
  ASSERT_TRUE(world::remove_file(link).has_value());
  EXPECT_EQ((*removal_of(fleet.west(), "shop"))->operation_id, *serving);

  ASSERT_TRUE(fleet.provider.remove("west", "shop").has_value());
  EXPECT_TRUE(list_instances(fleet.west())->empty());
  EXPECT_FALSE(is_half_removed(fleet.west(), "shop"));
}

TEST(restore, removes_what_was_replaced_when_its_grace_time_is_over_while_it_runs) {
  NEEDS_POSTGRES();
  TestFleet fleet(milliseconds(1));
  fleet.take("2024-11-20");
  fleet.provider.take_up();
  EXPECT_DONE(fleet.straight_line(TestFleet::input("first")));
  EXPECT_DONE(fleet.straight_line(TestFleet::input("second")));
  const std::string replaced = Layout(fleet.west()).instance("first");
  for (int tries = 0; tries < 600 && world::exists(replaced); ++tries) {
    std::this_thread::sleep_for(milliseconds(100));
  }
  EXPECT_FALSE(world::exists(replaced));
  EXPECT_EQ(serving_operation(fleet.west(), "shop"), "second");
}

TEST(restore, refuses_an_operation_id_that_names_another_restore) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  fleet.take("2024-11-21");
  EXPECT_DONE(fleet.straight_line(TestFleet::input("first").with("snapshot_date", "2024-11-20")));
  const auto before = fleet.operations.read("west", "first");
  const json::Value others[] = {
      TestFleet::input("first").with("snapshot_date", "2024-11-21"),
      TestFleet::input("first").with("target_cluster", "other"),
      TestFleet::input("first").with("target_region", "east"),
  };
  for (const json::Value& other : others) {
    for (const char* step : {"snapshot-check", "record-failure"}) {
      const auto refused = fleet.call(step, other);
      ASSERT_FALSE(refused.has_value()) << step << json::write(other);
      EXPECT_EQ(refused.error().error, "Restore.InvalidInput");
      EXPECT_THAT(refused.error().cause, HasSubstr("first is the restore of shop of 2024-11-20"));
    }
  }
  const auto after = fleet.operations.read("west", "first");
  ASSERT_TRUE(before.has_value() && after.has_value());
  EXPECT_EQ(json::write(*before), json::write(*after));
}

TEST(restore, sets_up_users_whatever_the_source_has_set_for_its_sessions) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.write_secrets(odd_secrets);
  fleet.source.ask("CREATE DATABASE closed");
  fleet.source.ask("ALTER DATABASE closed SET default_transaction_read_only = on");
  fleet.take("2024-11-20");
  EXPECT_DONE(fleet.straight_line(TestFleet::input("first")));
}

TEST(restore, starts_although_the_source_had_a_mark_of_recovery) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  const Snapshot snapshot = fleet.take("2024-11-20");
  const std::string mark = snapshot.directory + "/data/recovery.signal";
  ASSERT_TRUE(world::write_file_atomically(mark, "", 0600).has_value());
  TestFleet::TestDirectory::give_away(snapshot.directory);
  const std::string path = snapshot.directory + "/data/backup_manifest";
  auto manifest = postgres::parse_manifest(*world::read_file(path));
  ASSERT_TRUE(manifest.has_value());
  manifest->files.push_back({"recovery.signal", 0, {}, "CRC32C", "00000000"});
  const std::string text = postgres::write_manifest(*manifest);
  ASSERT_TRUE(world::write_file_atomically(path, text, 0600).has_value());
  TestFleet::TestDirectory::give_away(snapshot.directory);

  EXPECT_DONE(fleet.straight_line(TestFleet::input("first")));
}

TEST(restore, refuses_one_name_for_the_writer_and_the_reader) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.write_secrets(
      "[default]\napp = { username = \"one\", password = \"1\" }\n"
      "readonly = { username = \"one\", password = \"2\" }\n");
  fleet.take("2024-11-20");
  const auto refused = fleet.straight_line(TestFleet::input("first"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().error, "Restore.InvalidInput");
  EXPECT_THAT(refused.error().cause, HasSubstr("one username for app and readonly of shop"));
}

}  // namespace
}  // namespace pawl::restore
