#include "restore/operations/file_locks.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "base/text.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

Result<world::FileDescriptor> locked(const std::string& path, LockKind kind, int flags) {
  world::FileDescriptor file = TRY(world::open_file(path, O_RDWR | O_CREAT, "cannot lock", 0644));
  int status = 0;
  do {
    status = flock(file.number(), (kind == LockKind::shared ? LOCK_SH : LOCK_EX) | flags);
  } while (status != 0 && errno == EINTR);
  if (status == 0) return file;
  if (errno == EWOULDBLOCK) return Error(ErrorCode::conflict, concat(path, " is locked"));
  return errno_error(concat("cannot lock ", path), errno);
}

}  // namespace

Result<world::FileDescriptor> wait_for_lock(const std::string& path, LockKind kind) {
  return locked(path, kind, 0);
}

Result<world::FileDescriptor> try_lock(const std::string& path, LockKind kind) {
  return locked(path, kind, LOCK_NB);
}

}  // namespace pawl::restore
