#include "executors/local/logs.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

constexpr size_t empty_max = 256;  // of several jobs, some attempts of each at once
constexpr int flags = O_WRONLY | O_APPEND;

// ext4 looks for room for a file near its directory, and passes by each file that was removed in
// the last seconds: where others remove many, to make a log would take longer than to start a
// process. With this mark the directories below are spread over the disk. Other file systems have
// no such mark, and no need.
void spread_directories_below(const std::string& path) {
  const auto directory = world::open_file(path, O_RDONLY | O_DIRECTORY, "cannot open");
  int marks = 0;
  if (!directory || ::ioctl(directory->number(), FS_IOC_GETFLAGS, &marks) != 0) return;
  marks |= FS_TOPDIR_FL;
  ::ioctl(directory->number(), FS_IOC_SETFLAGS, &marks);
}

Result<void> make_log_directory(const std::string& directory) {
  const std::string parent = world::parent_directory(directory);
  TRY(world::make_directories(parent, 0700));
  spread_directories_below(parent);
  return world::make_directories(directory, 0700);
}

// A directory that is missing is made the first time that a log is missing it.
Result<world::FileDescriptor> make(const std::string& path, const std::string& directory) {
  auto made = world::open_file(path, flags | O_CREAT, "cannot write the log", 0600);
  if (made || world::is_directory(directory)) return made;
  TRY(make_log_directory(directory));
  return world::open_file(path, flags | O_CREAT, "cannot write the log", 0600);
}

bool is_empty_file(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

}  // namespace

Result<Logs::Log> Logs::open(const std::string& directory, const Attempt& attempt,
                             bool has_leftovers) {
  const std::string stem = attempt.index ? concat(*attempt.index) : "job";
  std::string path = concat(directory, "/", stem, ".", attempt.number, ".log");
  if (!has_leftovers && is_renamed_to(path)) {
    if (auto file = world::open_file(path, flags, "cannot write the log"))
      return Log{std::move(path), std::move(*file)};
  }
  auto file = TRY(make(path, directory));
  return Log{std::move(path), std::move(file)};
}

bool Logs::is_renamed_to(const std::string& path) {
  const std::string_view directory = std::string_view(path).substr(0, path.rfind('/') + 1);
  const auto is_beside = [&](const std::string& other) { return other.starts_with(directory); };
  const auto found = std::ranges::find_if(empty_.rbegin(), empty_.rend(), is_beside);
  if (found == empty_.rend()) return false;
  const std::string empty = std::move(*found);
  empty_.erase(std::next(found).base());
  // Somebody else may have written to it, or there may be a log of that name already.
  return is_empty_file(empty) &&
         ::renameat2(AT_FDCWD, empty.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0;
}

void Logs::take_back(std::string path) {
  if (!is_empty_file(path)) return;
  empty_.push_back(std::move(path));
  if (empty_.size() > empty_max) empty_.pop_front();
}

}  // namespace pawl::executors
