#include "store/data_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/text.h"

namespace pawl::store {
namespace {

std::string holder(int file) {
  char text[32];
  const ssize_t size = pread(file, text, sizeof text, 0);
  const std::string_view pid = size > 0 ? trim({text, static_cast<size_t>(size)}) : "";
  return pid.empty() ? "another process" : concat("process ", pid);
}

}  // namespace

Result<DataLock> DataLock::take(const std::string& data_path) {
  const std::string path = data_path + ".lock";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return errno_error("cannot open " + path, errno);
  DataLock lock(file);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return errno_error("cannot lock " + path, errno);
    return Error(ErrorCode::conflict, concat(data_path, " is in use by ", holder(file)),
                 "Stop that server, or give this one another data directory.");
  }
  const std::string pid = concat(getpid(), "\n");
  if (ftruncate(file, 0) != 0 || pwrite(file, pid.data(), pid.size(), 0) < 0) {
    return errno_error("cannot write " + path, errno);
  }
  return lock;
}

DataLock::DataLock(DataLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DataLock::~DataLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace pawl::store
