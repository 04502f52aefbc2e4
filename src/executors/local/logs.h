#pragma once

#include <deque>
#include <string>

#include "base/result.h"
#include "executors/executor.h"
#include "world/file_descriptor.h"

namespace pawl::executors {

// What attempts write to: a file for each that writes anything. To make a file takes a file system
// up to half of what it takes to start a process, and most attempts write nothing: the file that
// one of them has left empty is given to a later one of its job, under the name of that one.
class Logs {
 public:
  struct Log {
    std::string path;
    world::FileDescriptor file;
  };
  // To append to. `has_leftovers`: processes may live that are of no attempt which runs, so each
  // file that was given out may still be written to.
  Result<Log> open(const std::string& directory, const Attempt& attempt, bool has_leftovers);
  // The attempt that wrote to it has ended.
  void take_back(std::string path);

 private:
  bool is_renamed_to(const std::string& path);

  std::deque<std::string> empty_;  // that no attempt writes to; the latest last
};

}  // namespace pawl::executors
