#pragma once

#include "world/processes.h"

namespace pawl::world {

// Processes of this machine. Safe from any thread.
class OsProcesses : public Processes {
 public:
  // `grace` is the time between TERM and KILL.
  explicit OsProcesses(Duration grace = seconds(5)) : grace_(grace) {}

  Result<Exit> run(const Program& program, Duration limit,
                   const Cancellation& cancellation) override;
  Result<pid_t> start_detached(const Program& program, const std::string& log_file) override;

 private:
  Duration grace_;
};

}  // namespace pawl::world
