#pragma once

#include <memory>
#include <string>

#include "base/time.h"
#include "executors/executor.h"

namespace pawl::executors {

struct LocalOptions {
  std::string directory;         // absolute: of its journal, its socket, its log
  std::string program;           // the pawl whose hidden verb `supervise` is the supervisor
  Duration grace = seconds(30);  // between TERM and KILL, as a container of the service has
};

// Attempts as processes of this machine, each at the head of a session of its own. They are
// children of a supervisor, a small process that is started when first needed and that outlives
// the server: local/supervisor.h.
std::unique_ptr<Executor> open_local_executor(LocalOptions options, Reports& reports);

}  // namespace pawl::executors
