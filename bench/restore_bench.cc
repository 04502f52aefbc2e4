// One measured verb of the restore rooms, for script/bench:
//
//   pawl_bench_restore snapshot REGION_DIRECTORY SOCKET_DIRECTORY PORT CLUSTER DATA_DIRECTORY
//   pawl_bench_restore copy SOURCE_DATA TARGET_DATA
//   pawl_bench_restore restore SOURCE_DATA TARGET_DATA SOCKET_DIRECTORY
//   pawl_bench_restore stop DATA
//
// Prints one line of JSON: seconds, bytes, peak_bytes (the largest resident size of this process).

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.h"
#include "json/write.h"
#include "postgres/server.h"
#include "restore/snapshots/copy.h"
#include "restore/snapshots/take_snapshot.h"
#include "world/files.h"
#include "world/os_clock.h"
#include "world/os_processes.h"

namespace pawl::restore {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::string account() { return ::geteuid() == 0 ? "postgres" : ""; }

int threads() {
  const char* wanted = std::getenv("PAWL_BENCH_THREADS");
  return wanted == nullptr ? 4 : std::atoi(wanted);
}

uint64_t peak_bytes() {
  rusage usage;
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

void print(SteadyClock::time_point began, uint64_t bytes) {
  const std::chrono::duration<double> took = SteadyClock::now() - began;
  std::puts(
      json::write(json::Value::object(
                      {{"seconds", took.count()}, {"bytes", bytes}, {"peak_bytes", peak_bytes()}}))
          .c_str());
}

Result<CopyReport> copy(const std::string& source, const std::string& target) {
  CopyOptions options;
  options.threads = threads();
  options.account = account();
  const world::Cancellation never;
  return copy_backup(source, target, options, {}, never);
}

postgres::Server server_in(world::Processes& processes, const std::string& data,
                           const std::string& socket) {
  return postgres::Server(processes, {.binaries = "/usr/lib/postgresql/15/bin",
                                      .data_directory = data,
                                      .account = account(),
                                      .log_file = data + ".log",
                                      .settings = {{"listen_addresses", ""},
                                                   {"unix_socket_directories", socket},
                                                   {"archive_mode", "off"}}});
}

Result<void> snapshot(const std::vector<std::string>& words) {
  Settings settings;
  settings.regions["bench"] = {.name = "bench", .directory = words[0], .space_limit = {}};
  Cluster cluster;
  cluster.name = words[3];
  cluster.region = "bench";
  cluster.host = words[1];
  cluster.port = static_cast<uint16_t>(parse_integer(words[2]).value_or(5432));
  cluster.data_directory = words[4];
  settings.clusters[cluster.name] = cluster;
  settings.copy_threads = threads();
  world::OsProcesses processes;
  world::OsClock clock;
  SnapshotRequest request;
  request.cluster = cluster.name;
  const world::Cancellation never;
  const auto began = SteadyClock::now();
  const Snapshot taken = TRY(SnapshotTaking(settings, processes, clock).take(request, never));
  print(began, taken.bytes);
  return {};
}

Result<void> restore(const std::vector<std::string>& words) {
  world::OsProcesses processes;
  const world::Cancellation never;
  const auto began = SteadyClock::now();
  const CopyReport report = TRY(copy(words[0], words[1]));
  auto server = server_in(processes, words[1], words[2]);
  TRY(server.start(minutes(10), never));
  postgres::ConnectionOptions connection;
  connection.host = words[2];
  TRY(server.wait_until_answers(connection, minutes(1), never));
  print(began, report.bytes_total);
  return {};
}

Result<void> run(const std::string& verb, const std::vector<std::string>& words) {
  if (verb == "snapshot" && words.size() == 5) return snapshot(words);
  if (verb == "restore" && words.size() == 3) return restore(words);
  if (verb == "copy" && words.size() == 2) {
    const auto began = SteadyClock::now();
    const CopyReport report = TRY(copy(words[0], words[1]));
    print(began, report.bytes_total);
    return {};
  }
  if (verb == "stop" && words.size() == 1) {
    world::OsProcesses processes;
    return server_in(processes, words[0], "/tmp").stop(postgres::StopMode::immediate, minutes(1));
  }
  return Error(ErrorCode::invalid_argument, "the verbs are in the head of restore_bench.cc");
}

}  // namespace
}  // namespace pawl::restore

int main(int count, char** words) {
  const std::vector<std::string> rest(words + (count > 1 ? 2 : 1), words + count);
  const auto done = pawl::restore::run(count > 1 ? words[1] : "", rest);
  if (done) return 0;
  std::fprintf(stderr, "pawl_bench_restore: %s\n", done.error().text().c_str());
  return pawl::exit_code(done.error().code());
}
