#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

#include "base/result.h"
#include "world/file_descriptor.h"
#include "world/file_lock.h"

namespace pawl::executors {

// What makes a process the supervisor of a directory: it holds the lock, and listens on the socket.
class Station {
 public:
  // The error is conflict where another one holds the lock, and goes on to for a while.
  static Result<Station> take(const std::string& directory);

  // The socket can be reached from here on.
  Result<void> open();
  int listener() const { return listener_.number(); }

  // Puts back what someone has removed. False where another supervisor has the place by now.
  bool keep();

 private:
  Station(std::string directory, world::FileLock lock)
      : directory_(std::move(directory)), lock_(std::move(lock)) {}
  bool keep_lock();

  std::string directory_;
  world::FileLock lock_;
  world::FileDescriptor listener_;
  struct stat socket_ {};  // as it was made
  bool is_failing_ = false;
};

// The process that holds the lock of the directory, or did last.
std::optional<pid_t> supervisor_in(const std::string& directory);

// Whether this is the file that the path leads to.
bool is_same_file(const world::FileDescriptor& file, const std::string& path);

}  // namespace pawl::executors
