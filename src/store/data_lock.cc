#include "store/data_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "world/files.h"

namespace pawl::store {
namespace {

std::string holder(const std::string& lock_path) {
  const auto text = world::read_file(lock_path);
  const std::string_view pid = text.has_value() ? trim(*text) : "";
  return pid.empty() ? "another process" : concat("process ", pid);
}

}  // namespace

Result<world::FileLock> take_data_lock(const std::string& data_path) {
  const std::string path = data_path + ".lock";
  auto lock = world::FileLock::take(path);
  if (!lock.has_value()) {
    if (lock.error().code() != ErrorCode::conflict) return lock;
    return Error(ErrorCode::conflict, concat(data_path, " is in use by ", holder(path)),
                 "Stop that server, or give this one another data directory.");
  }
  const auto file = TRY(world::open_file(path, O_WRONLY | O_TRUNC, "cannot write"));
  TRY(world::write_all(file, concat(getpid(), "\n"), path));
  return lock;
}

}  // namespace pawl::store
