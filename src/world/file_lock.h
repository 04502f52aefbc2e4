#pragma once

#include <string>

#include "base/result.h"
#include "world/file_descriptor.h"

namespace pawl::world {

// Holds a file exclusively among all processes (flock) until it goes or the process dies. The file
// is made where it is missing and never removed: removing it would let two hold "the same" lock.
class FileLock {
 public:
  // Never waits: the error is conflict where someone else holds it.
  static Result<FileLock> take(const std::string& path);

 private:
  explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace pawl::world
