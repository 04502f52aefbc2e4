#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "postgres/connection.h"
#include "postgres/control_data.h"
#include "world/cancellation.h"
#include "world/processes.h"

namespace pawl::postgres {

// Where a server is and how it is run.
struct ServerOptions {
  std::string binaries = "/usr/lib/postgresql/15/bin";
  std::string data_directory;
  std::string account;   // to run as when we are root; ours where empty
  std::string log_file;  // what the server prints
  // Settings given on the command line, which overrule every configuration file. No secrets: the
  // process list shows them.
  std::map<std::string, std::string> settings;
};

enum class StopMode { smart, fast, immediate };

// Control of the server in one data directory. Keeps nothing in memory: what runs is found by
// postmaster.pid, so any process can take over from one that died. Settings of the parameters are
// name → value, unquoted.
class Server {
 public:
  Server(world::Processes& processes, ServerOptions options)
      : processes_(processes), options_(std::move(options)) {}

  const ServerOptions& options() const { return options_; }

  // Makes a new, empty cluster with page checksums and the superuser "postgres", whom the socket
  // trusts (for tests and the demo).
  Result<void> initialise(const world::Cancellation& cancellation);
  // Writes the settings to pawl.conf, which postgresql.conf includes last. Replaces the settings of
  // an earlier call.
  Result<void> configure(const std::map<std::string, std::string>& settings);

  // Starts the server, which outlives us, and waits until it accepts connections (a hot standby:
  // read-only ones). Nothing happens where it runs already. Error: a server that ends early is
  // reported with the last lines of its log; after `limit` it is left running, so that a later call
  // waits on.
  Result<void> start(Duration limit, const world::Cancellation& cancellation);
  // Waits until a running server answers SELECT 1 on this connection.
  Result<void> wait_until_answers(const ConnectionOptions& connection, Duration limit,
                                  const world::Cancellation& cancellation);
  // Waits for the end. Success where it does not run.
  Result<void> stop(StopMode mode, Duration limit);
  Result<void> reload();
  // The postmaster of this very directory, where it is alive.
  std::optional<pid_t> postmaster() const;
  bool is_running() const { return postmaster().has_value(); }

  // Error: corrupt where the control file is damaged.
  Result<ControlData> control_data(const world::Cancellation& cancellation) const;

  // The last lines of the server's log, for messages.
  std::string last_log_lines() const;

 private:
  std::string program(std::string_view name) const;
  Result<pid_t> launch();
  Result<void> wait_until_ready(pid_t pid, Duration limit, const world::Cancellation& cancellation);
  Error ended_early() const;

  world::Processes& processes_;
  ServerOptions options_;
};

}  // namespace pawl::postgres
