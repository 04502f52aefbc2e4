#pragma once

#include <string>

#include "base/result.h"
#include "world/file_descriptor.h"

namespace pawl::world {

enum class LockKind { exclusive, shared };

// Holds a file among all threads and processes (flock) until it goes or the process dies. The file
// is made where it is missing and never removed: removing it would let two hold "the same" lock.
class FileLock {
 public:
  // Never waits: the error is conflict where someone else holds it.
  static Result<FileLock> take(const std::string& path, LockKind kind = LockKind::exclusive);
  // Waits for whoever holds it.
  static Result<FileLock> wait(const std::string& path, LockKind kind = LockKind::exclusive);

  void release() { file_.close(); }
  // To write into it who holds it.
  const FileDescriptor& file() const { return file_; }

 private:
  explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

// Waits until this open file is held exclusively; closing it lets it go.
Result<void> hold(const FileDescriptor& file, const std::string& path);

}  // namespace pawl::world
