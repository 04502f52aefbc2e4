#include "postgres/base_backup.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "postgres/test_server.h"

namespace pawl::postgres {
namespace {

using ::testing::HasSubstr;

BackupOptions to(const TestServer& test, const std::string& name) {
  BackupOptions options;
  options.server = test.options();
  options.target = test.directory.path() + "/" + name;
  options.account = TestDirectory::account();
  options.threads = 2;
  return options;
}

std::string data_of(const TestServer& test) { return test.server.options().data_directory; }

// What the real pg_verifybackup says: empty where it is content.
std::string verify(TestServer& test, const std::string& backup) {
  world::Program program;
  program.arguments = {concat(test_binaries, "/pg_verifybackup"), "--quiet", backup};
  program.account = TestDirectory::account();
  program.directory = "/";
  const auto exit = test.processes.run(program, minutes(1), test.never);
  CHECK(exit.has_value());
  return exit->status == 0 ? "" : exit->output + exit->errors + "failed";
}

void fill(const TestServer& test) {
  test.ask(
      "CREATE TABLE numbers AS SELECT n, md5(n::text) AS text FROM generate_series(1, 20000) n");
  test.ask("CREATE UNLOGGED TABLE forgotten AS SELECT n FROM generate_series(1, 1000) n");
}

// Writes until it goes.
class Writer {
 public:
  explicit Writer(const TestServer& test)
      : thread_([this, &test] {
          Connection connection = test.connect();
          while (!is_over_) {
            CHECK(
                connection.execute("INSERT INTO numbers SELECT n, md5(n::text) FROM "
                                   "generate_series(1, 50) n; UPDATE numbers SET text = 'new' "
                                   "WHERE n % 97 = 0; DELETE FROM numbers WHERE n % 101 = 0"));
            ++turns_;
          }
        }) {
    while (turns_ == 0) std::this_thread::yield();
  }
  ~Writer() {
    is_over_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> is_over_{false};
  std::atomic<int> turns_{0};
  std::thread thread_;
};

void expect_that_a_server_starts(TestServer& test, const std::string& backup) {
  Server server(test.processes, {.binaries = test_binaries,
                                 .data_directory = backup,
                                 .account = TestDirectory::account(),
                                 .log_file = backup + ".log",
                                 .settings = {{"port", "5499"}}});
  const auto started = server.start(minutes(1), test.never);
  ASSERT_TRUE(started) << started.error().text();
  auto options = test.options();
  options.port = 5499;
  auto connection = Connection::open(options);
  ASSERT_TRUE(connection) << connection.error().text();
  const auto rows = connection->execute(
      "SELECT (SELECT count(*) > 10000 FROM numbers), (SELECT count(*) FROM forgotten)");
  EXPECT_TRUE(rows);
  if (rows) {
    EXPECT_EQ(rows->at(0, 0), "t");
    EXPECT_EQ(rows->at(0, 1), "0");
  }
  EXPECT_TRUE(server.stop(StopMode::fast, seconds(30)));
}

TEST(base_backup, copied_from_the_files_of_a_server_being_written_to_satisfies_pg_verifybackup) {
  NEEDS_POSTGRES();
  TestServer test;
  fill(test);
  const auto options = to(test, "copy");
  {
    const Writer writer(test);
    const auto backup = copy_running_server(data_of(test), options, {}, test.never);
    ASSERT_TRUE(backup) << backup.error().text();
    EXPECT_GT(backup->stop, backup->start);
  }
  EXPECT_EQ(verify(test, options.target), "");
  EXPECT_FALSE(world::exists(options.target + "/postmaster.pid"));
  expect_that_a_server_starts(test, options.target);
}

TEST(base_backup, streamed_through_the_network_satisfies_pg_verifybackup) {
  NEEDS_POSTGRES();
  TestServer test;
  fill(test);
  const auto options = to(test, "stream");
  {
    const Writer writer(test);
    const auto backup = stream_backup(test.processes, options, {}, test.never);
    ASSERT_TRUE(backup) << backup.error().text();
    EXPECT_EQ(verify(test, options.target), "");
    EXPECT_EQ(write_manifest(backup->manifest),
              *world::read_file(options.target + "/backup_manifest"));
  }
  expect_that_a_server_starts(test, options.target);
}

TEST(base_backup, stops_before_it_passes_its_space) {
  NEEDS_POSTGRES();
  TestServer test;
  auto options = to(test, "small");
  uint64_t asked_for = 0;
  options.space = [&asked_for](uint64_t needed) {
    asked_for = needed;
    return std::optional<uint64_t>(1000000);
  };
  const auto backup = copy_running_server(data_of(test), options, {}, test.never);
  ASSERT_FALSE(backup);
  EXPECT_EQ(backup.error().code(), ErrorCode::out_of_space);
  EXPECT_GT(asked_for, 1000000u);
}

TEST(base_backup, refuses_tablespaces_outside_the_data_directory) {
  NEEDS_POSTGRES();
  TestServer test;
  const std::string elsewhere = test.directory.path() + "/elsewhere";
  ASSERT_TRUE(world::make_directories(elsewhere, 0700));
  TestDirectory::give_away(elsewhere);
  test.ask("CREATE TABLESPACE elsewhere LOCATION '" + elsewhere + "'");
  for (const auto& backup : {copy_running_server(data_of(test), to(test, "copy"), {}, test.never),
                             stream_backup(test.processes, to(test, "stream"), {}, test.never)}) {
    ASSERT_FALSE(backup);
    EXPECT_EQ(backup.error().code(), ErrorCode::unsupported);
    EXPECT_THAT(backup.error().message(), HasSubstr("tablespaces"));
  }
}

TEST(base_backup, refuses_files_of_another_server) {
  NEEDS_POSTGRES();
  TestServer test, other;
  const auto backup = copy_running_server(data_of(other), to(test, "copy"), {}, test.never);
  ASSERT_FALSE(backup);
  EXPECT_EQ(backup.error().code(), ErrorCode::invalid_argument);
}

TEST(manifest, that_was_changed_or_cut_is_corrupt) {
  Manifest manifest;
  manifest.files = {{"base/1/2", 5, Instant(seconds(1700000000)), "CRC32C", "01020304"},
                    {"odd \xff name", 0, Instant(seconds(1700000000)), "", ""}};
  manifest.wal = {{1, 0x2000028, 0x2000100}};
  const std::string text = write_manifest(manifest);
  const auto read = parse_manifest(text);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->files[1].path, "odd \xff name");
  EXPECT_EQ(write_manifest(*read), text);
  for (const std::string& broken :
       {replace_all(text, "\"Size\": 5", "\"Size\": 6"), text.substr(0, text.size() / 2)}) {
    const auto refused = parse_manifest(broken);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::corrupt);
  }
  manifest.files[0].path = "../outside";
  EXPECT_FALSE(parse_manifest(write_manifest(manifest)));
}

}  // namespace
}  // namespace pawl::postgres
