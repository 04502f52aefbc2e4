#include "executors/local/station.h"

#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "executors/local/local_socket.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

// One that is about to end has the lock for a moment still. For longer nobody waits: who is asked
// for a supervisor starts another one, and they would pile up.
constexpr seconds lock_patience(2);
constexpr milliseconds between_looks(10);

std::string lock_in(const std::string& directory) { return directory + "/lock"; }

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

Result<world::FileLock> take_lock(const std::string& directory) {
  const std::string path = lock_in(directory);
  world::FileLock lock = TRY(world::FileLock::take(path));
  ::ftruncate(lock.file().number(), 0);
  TRY(world::write_all(lock.file(), concat(::getpid(), "\n"), path));
  return lock;
}

}  // namespace

std::optional<pid_t> supervisor_in(const std::string& directory) {
  const auto text = world::read_file(lock_in(directory));
  const auto pid = text ? parse_integer(trim(*text)) : std::nullopt;
  return pid ? std::optional(static_cast<pid_t>(*pid)) : std::nullopt;
}

bool is_same_file(const world::FileDescriptor& file, const std::string& path) {
  struct stat open {
  }, there{};
  return ::fstat(file.number(), &open) == 0 && ::stat(path.c_str(), &there) == 0 &&
         is_same(open, there);
}

Result<Station> Station::take(const std::string& directory) {
  const auto until = std::chrono::steady_clock::now() + lock_patience;
  for (;;) {
    auto lock = take_lock(directory);
    if (lock) return Station(directory, std::move(*lock));
    if (lock.error().code() != ErrorCode::conflict || std::chrono::steady_clock::now() >= until)
      return std::move(lock).error();
    std::this_thread::sleep_for(between_looks);
  }
}

Result<void> Station::open() {
  listener_ = TRY(listen_in(directory_));
  if (::stat(socket_path_in(directory_).c_str(), &socket_) == 0) return {};
  return errno_error(concat("cannot find ", socket_path_in(directory_)), errno);
}

bool Station::keep() {
  if (!keep_lock()) return false;
  struct stat there {};
  if (::stat(socket_path_in(directory_).c_str(), &there) == 0 && is_same(there, socket_))
    return true;
  const auto opened = open();
  if (opened) {
    log(LogLevel::warning, "the socket was removed, and is made again");
  } else if (!is_failing_) {
    log(LogLevel::error, "the socket was removed", {{"error", opened.error().text()}});
  }
  is_failing_ = !opened;
  return true;
}

bool Station::keep_lock() {
  if (is_same_file(lock_.file(), lock_in(directory_))) return true;
  auto lock = take_lock(directory_);
  if (!lock) return lock.error().code() != ErrorCode::conflict;
  log(LogLevel::warning, "the lock was removed, and is made again");
  lock_ = std::move(*lock);
  return true;
}

}  // namespace pawl::executors
