#pragma once

#include <sys/types.h>

#include "executors/local/message_line.h"
#include "executors/local_executor.h"

namespace pawl::executors {

// The supervisor of a directory, as seen by a server: how it is found, and started.
class SupervisorProcess {
 public:
  explicit SupervisorProcess(LocalOptions options) : options_(std::move(options)) {}

  // A connection to one that runs, or else to one that is started now. It has said hello, in our
  // version.
  Result<MessageLine> reach();
  // The error is unavailable where none runs, or the one that did is ending.
  Result<MessageLine> reach_running();

 private:
  Result<world::FileDescriptor> start();
  Result<MessageLine> greet(world::FileDescriptor socket) const;
  Result<void> check(const Message& message) const;
  void forget_dead();

  const LocalOptions options_;
  pid_t child_ = 0;
};

}  // namespace pawl::executors
