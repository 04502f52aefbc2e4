#pragma once

#include <sys/types.h>

#include <optional>

#include "executors/local/message_line.h"
#include "executors/local/process_table.h"
#include "executors/local_executor.h"

namespace pawl::executors {

// The supervisor of a directory, as seen by a server: how it is found, and started.
class SupervisorProcess {
 public:
  // It waits for a hello until `given_up` is readable.
  SupervisorProcess(LocalOptions options, const world::FileDescriptor& given_up)
      : options_(std::move(options)), given_up_(given_up) {}

  // A connection to one that runs, or else to one that is started now. It has said hello, in our
  // version.
  Result<MessageLine> reach();
  // The error is unavailable where none runs, or the one that did is ending.
  Result<MessageLine> reach_running() const;

 private:
  Result<world::FileDescriptor> start();
  Result<MessageLine> greet(world::FileDescriptor socket) const;
  Result<MessageLine> greet_new(world::FileDescriptor socket) const;
  Result<void> check(const Message& message) const;
  std::optional<ProcessRow> holder() const;
  Error silent(ErrorCode code, const std::optional<ProcessRow>& holder) const;
  Error ended() const;
  void forget_dead();

  const LocalOptions options_;
  const world::FileDescriptor& given_up_;
  pid_t child_ = 0;
};

}  // namespace pawl::executors
