#include "postgres/server.h"

#include <gmock/gmock.h>

#include <csignal>
#include <thread>

#include "postgres/test_server.h"

namespace pawl::postgres {
namespace {

using ::testing::HasSubstr;

TEST(server, starts_answers_and_stops) {
  NEEDS_POSTGRES();
  TestServer test;
  EXPECT_TRUE(test.server.is_running());
  ASSERT_TRUE(test.server.wait_until_answers(test.options(), seconds(10), test.never));
  EXPECT_EQ(test.ask("SHOW data_checksums"), "on");
  ASSERT_TRUE(test.server.stop(StopMode::fast, seconds(30)));
  EXPECT_FALSE(test.server.is_running());
  const auto control = test.server.control_data(test.never);
  ASSERT_TRUE(control);
  EXPECT_EQ(control->state, "shut down");
  EXPECT_TRUE(control->has_page_checksums);
  EXPECT_EQ(control->least_settings.at("max_connections"), "100");
}

TEST(server, reports_the_log_of_a_server_that_ends_early) {
  NEEDS_POSTGRES();
  TestServer test;
  ASSERT_TRUE(test.server.stop(StopMode::fast, seconds(30)));
  ASSERT_TRUE(test.server.configure({{"shared_buffers", "nonsense"}}));
  const auto started = test.server.start(seconds(30), test.never);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(started.error().message(), HasSubstr("shared_buffers"));
}

TEST(server, is_not_mistaken_for_a_process_that_has_its_old_number) {
  NEEDS_POSTGRES();
  TestServer test;
  ASSERT_TRUE(test.server.stop(StopMode::fast, seconds(30)));
  const std::string pid_file = test.server.options().data_directory + "/postmaster.pid";
  ASSERT_TRUE(world::write_file_atomically(pid_file, concat(::getpid(), "\n"), 0600));
  EXPECT_FALSE(test.server.is_running());
  EXPECT_TRUE(test.server.stop(StopMode::immediate, seconds(1)));
}

TEST(server, starts_although_another_server_has_its_old_number) {
  NEEDS_POSTGRES();
  TestServer test, other;
  ASSERT_TRUE(test.server.stop(StopMode::fast, seconds(30)));
  const auto pid_file = [](const TestServer& of) {
    return of.server.options().data_directory + "/postmaster.pid";
  };
  const auto number = world::read_file(pid_file(other));
  ASSERT_TRUE(number);
  ASSERT_TRUE(world::write_file_atomically(pid_file(test), *number, 0600));
  TestDirectory::give_away(test.server.options().data_directory);

  const auto started = test.server.start(seconds(30), test.never);

  EXPECT_TRUE(started) << started.error().text();
  EXPECT_TRUE(other.server.is_running());
}

TEST(connection, answers_with_parameters_and_tells_null_from_empty) {
  NEEDS_POSTGRES();
  TestServer test;
  Connection connection = test.connect();
  const auto rows = connection.execute("SELECT $1::text || '!', NULL, ''", {"o'clock"});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->at(0, 0), "o'clock!");
  EXPECT_TRUE(rows->is_null(0, 1));
  EXPECT_FALSE(rows->is_null(0, 2));
  EXPECT_THAT(connection.server_version(), HasSubstr("15."));
}

TEST(connection, carries_the_sqlstate_and_stays_usable) {
  NEEDS_POSTGRES();
  TestServer test;
  Connection connection = test.connect();
  const auto rows = connection.execute("SELECT * FROM nowhere");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code(), ErrorCode::not_found);
  EXPECT_EQ(connection.sqlstate(), "42P01");
  EXPECT_TRUE(connection.execute("SELECT 1"));
}

TEST(connection, stops_a_statement_at_its_limit_and_on_request) {
  NEEDS_POSTGRES();
  TestServer test;
  Connection connection = test.connect();
  auto slow = connection.execute("SELECT pg_sleep(600)", {}, {milliseconds(50), nullptr});
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().code(), ErrorCode::timed_out);
  world::Cancellation cancellation;
  std::thread someone([&] { cancellation.request(); });
  slow = connection.execute("SELECT pg_sleep(600)", {}, {Duration(0), &cancellation});
  someone.join();
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().code(), ErrorCode::cancelled);
  EXPECT_TRUE(connection.execute("SELECT 1"));
}

TEST(connection, says_what_is_missing) {
  NEEDS_POSTGRES();
  TestServer test;
  auto options = test.options("no such database");
  const auto missing = Connection::open(options);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), ErrorCode::not_found);
  options.host = "/nowhere";
  const auto silent = Connection::open(options);
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code(), ErrorCode::unavailable);
}

TEST(connection, quotes_every_name_and_text) {
  NEEDS_POSTGRES();
  TestServer test;
  const std::string odd = "a \"quoted\" 'name' \\ with; everything";
  EXPECT_EQ(test.ask("SELECT " + quote_literal(odd)), odd);
  EXPECT_EQ(test.ask("SET standard_conforming_strings = off; SELECT " + quote_literal(odd)), odd);
  test.ask("CREATE DATABASE " + quote_identifier(odd));
  EXPECT_EQ(test.ask("SELECT current_database()", odd), odd);
}

TEST(control_data, names_segments_as_the_server_does) {
  NEEDS_POSTGRES();
  TestServer test;
  const auto lsn = parse_lsn(test.ask("SELECT pg_current_wal_lsn()"));
  ASSERT_TRUE(lsn);
  EXPECT_EQ(segment_name(1, *lsn, 16 << 20),
            test.ask("SELECT pg_walfile_name('" + format_lsn(*lsn) + "')"));
  EXPECT_FALSE(parse_lsn("12"));
  EXPECT_FALSE(parse_lsn("0/xyz"));
}

}  // namespace
}  // namespace pawl::postgres
