#include "world/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "base/text.h"
#include "world/files.h"

namespace pawl::world {
namespace {

Result<void> flock(const FileDescriptor& file, const std::string& path, int operation) {
  int status = 0;
  do {
    status = ::flock(file.number(), operation);
  } while (status != 0 && errno == EINTR);
  if (status == 0) return {};
  if (errno == EWOULDBLOCK) {
    return Error(ErrorCode::conflict, concat(path, " is held by another process or operation"));
  }
  return errno_error(concat("cannot lock ", path), errno);
}

Result<FileDescriptor> locked(const std::string& path, LockKind kind, int flags) {
  FileDescriptor file = TRY(open_file(path, O_RDWR | O_CREAT, "cannot open lock file", 0644));
  TRY(flock(file, path, (kind == LockKind::shared ? LOCK_SH : LOCK_EX) | flags));
  return file;
}

}  // namespace

Result<FileLock> FileLock::take(const std::string& path, LockKind kind) {
  return FileLock(TRY(locked(path, kind, LOCK_NB)));
}

Result<FileLock> FileLock::wait(const std::string& path, LockKind kind) {
  return FileLock(TRY(locked(path, kind, 0)));
}

Result<void> hold(const FileDescriptor& file, const std::string& path) {
  return flock(file, path, LOCK_EX);
}

}  // namespace pawl::world
