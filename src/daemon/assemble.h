#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "batch/job_loop.h"
#include "daemon/config.h"
#include "engine/engine.h"
#include "functions/runtime.h"
#include "integrations/services.h"
#include "schedules/scheduler.h"
#include "world/clock.h"

namespace pawl::daemon {

// Everything behind the front door, wired together. Destroying it stops the engine, then cancels
// what runs; what is open stays open in the store and goes on with the next start.
class Assembly {
 public:
  struct Parts;
  explicit Assembly(std::unique_ptr<Parts> parts);
  ~Assembly();

  // Begins to turn: the engine and, in a server, the jobs.
  Result<void> start();

  engine::Engine& engine();
  batch::JobLoop& jobs();
  functions::Runtime& functions();
  integrations::Services& services();
  schedules::Scheduler& schedules();
  world::Random& random();
  world::Clock& clock();

  // Serves what the configuration's regions served before, in the background.
  void take_up();
  // Creates the machines of the shipped pipelines, or brings them up to date. REQUIRES: the engine
  // has been started.
  Result<void> register_pipelines();
  // The engine stops first, so that the cancelled calls do not count as failures of their tasks.
  void stop();

 private:
  std::unique_ptr<Parts> parts_;
};

struct AssemblyOptions {
  // The server owns the regions' directories alone, so an execution that its store does not know is
  // gone, and its locks may be taken over. A single run (`pawl run`) takes over nothing, and has no
  // jobs: they would outlive it.
  bool is_server = true;
};

Result<std::unique_ptr<Assembly>> assemble(Config config, const AssemblyOptions& options);

}  // namespace pawl::daemon
