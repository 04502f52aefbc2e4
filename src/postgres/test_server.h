#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "base/text.h"
#include "postgres/server.h"
#include "world/files.h"
#include "world/os_processes.h"

namespace pawl::postgres {

inline constexpr const char* test_binaries = "/usr/lib/postgresql/15/bin";

// A short temporary directory that the server's account may enter: a socket's path must not be
// longer than 107 bytes.
class TestDirectory {
 public:
  TestDirectory() {
    char path[] = "/tmp/pw-XXXXXX";
    CHECK(::mkdtemp(path) != nullptr);
    path_ = path;
    give_away(path_);
  }
  ~TestDirectory() { static_cast<void>(world::remove_tree(path_)); }
  const std::string& path() const { return path_; }

  static std::string account() { return ::geteuid() == 0 ? "postgres" : ""; }
  static void give_away(const std::string& path) {
    if (account().empty()) return;
    const auto owner = world::resolve_account(account());
    CHECK(owner.has_value());
    CHECK(world::change_owner_tree(path, *owner).has_value());
  }

 private:
  std::string path_;
};

// A real server of its own that only its socket can reach, stopped and removed at the end.
class TestServer {
 public:
  explicit TestServer(std::map<std::string, std::string> settings = {})
      : server(processes, {.binaries = test_binaries,
                           .data_directory = directory.path() + "/data",
                           .account = TestDirectory::account(),
                           .log_file = directory.path() + "/log",
                           .settings = std::move(settings)}) {
    ready(server.initialise(never));
    ready(server.configure({{"listen_addresses", ""},
                            {"unix_socket_directories", directory.path()},
                            {"fsync", "off"},
                            {"shared_buffers", "64MB"}}));
    ready(server.start(minutes(1), never));
  }
  ~TestServer() { static_cast<void>(server.stop(StopMode::immediate, seconds(30))); }

  ConnectionOptions options(std::string database = "postgres") const {
    ConnectionOptions options;
    options.host = directory.path();
    options.database = std::move(database);
    return options;
  }
  Connection connect(const std::string& database = "postgres") const {
    auto connection = Connection::open(options(database));
    ready(connection);
    return std::move(connection).value();
  }
  // The first column of the first row.
  std::string ask(const std::string& sql, const std::string& database = "postgres") const {
    auto rows = connect(database).execute(sql);
    ready(rows);
    return rows->size() == 0 || rows->columns() == 0 ? "" : std::string(rows->at(0, 0));
  }

  template <typename T>
  static void ready(const Result<T>& result) {
    if (!result) std::fprintf(stderr, "%s\n", result.error().text().c_str());
    CHECK(result.has_value());
  }

  world::Cancellation never;
  world::OsProcesses processes;
  TestDirectory directory;
  Server server;
};

inline bool has_postgres() {
  return ::access(concat(test_binaries, "/postgres").c_str(), X_OK) == 0;
}

}  // namespace pawl::postgres

#define NEEDS_POSTGRES() \
  if (!::pawl::postgres::has_postgres()) GTEST_SKIP() << "PostgreSQL 15 is not installed"
