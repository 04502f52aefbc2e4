#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/connection.h"
#include "postgres/server.h"
#include "restore/instances/instance.h"
#include "restore/settings.h"
#include "world/cancellation.h"
#include "world/file_descriptor.h"
#include "world/processes.h"

namespace pawl::restore {

// The PostgreSQL of one instance: started, asked, stopped. Keeps nothing in memory that a crash
// could lose.
class InstanceServer {
 public:
  InstanceServer(const Settings& settings, world::Processes& processes, Instance instance);

  const Instance& instance() const { return instance_; }
  postgres::Server& server() { return server_; }

  // Starts it where it does not run and waits until a query succeeds. Where a stranger has taken
  // its port in the meantime, it gets another. Recovery of a large snapshot may take long; a task's
  // own deadline comes through the cancellation.
  Result<void> start(const world::Cancellation& cancellation, Duration limit = hours(24));
  // Lets running statements go (they are rolled back) and waits for the end.
  Result<void> stop();
  // Whether a query succeeds right now.
  Result<void> answer(const world::Cancellation& cancellation);
  // As the administrator, over the socket. `database` empty: the administrator's own.
  Result<postgres::Connection> connect(const std::string& database,
                                       const world::Cancellation& cancellation);
  // Where `connect` goes. `folder` keeps a long socket path usable as long as it is open.
  struct Way {
    postgres::ConnectionOptions options;
    world::FileDescriptor folder;
  };
  Result<Way> way(const std::string& database) const;
  // All databases that can be connected to, templates left out.
  Result<std::vector<std::string>> databases(const world::Cancellation& cancellation);

  // Returns when new connections are judged by the new rules.
  Result<void> open_logins(const world::Cancellation& cancellation);

 private:
  const Settings& settings_;
  Instance instance_;
  postgres::Server server_;
};

}  // namespace pawl::restore
