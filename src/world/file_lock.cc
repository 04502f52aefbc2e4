#include "world/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "base/text.h"

namespace pawl::world {

Result<FileLock> FileLock::take(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file.is_open()) return errno_error(concat("cannot open lock file ", path), errno);
  if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return Error(ErrorCode::conflict, concat(path, " is held by another process or operation"));
    return errno_error(concat("cannot lock ", path), errno);
  }
  return FileLock(std::move(file));
}

}  // namespace pawl::world
