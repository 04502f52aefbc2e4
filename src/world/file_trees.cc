#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/text.h"
#include "world/disk_space.h"
#include "world/files.h"

namespace pawl::world {
namespace {

namespace fs = std::filesystem;

Error failed(std::string_view what, const std::string& path) {
  return errno_error(concat(what, " ", path), errno);
}

// Calls `visit` with every path of the tree, the root first.
template <typename Visit>
Result<void> walk(const std::string& root, Visit visit) {
  TRY(visit(root));
  if (!is_directory(root)) return {};
  std::error_code error;
  fs::recursive_directory_iterator entry(root, error), end;
  while (!error && entry != end) {
    TRY(visit(entry->path().native()));
    entry.increment(error);
  }
  if (error) return errno_error(concat("cannot walk ", root), error.value());
  return {};
}

}  // namespace

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Result<mode_t> file_mode(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return failed("cannot examine", path);
  return status.st_mode & 07777;
}

Result<DiskSpace> disk_space(const std::string& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return failed("cannot examine", path);
  return DiskSpace{uint64_t{status.f_bavail} * status.f_frsize,
                   uint64_t{status.f_blocks} * status.f_frsize};
}

Result<uint64_t> free_bytes(const std::string& path) { return TRY(disk_space(path)).free; }

std::string parent_directory(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> make_directories(const std::string& path, mode_t mode) {
  for (size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (is_directory(part)) continue;
    if (::mkdir(part.c_str(), mode) == 0) {
      if (::chmod(part.c_str(), mode) != 0) return failed("cannot set the mode of", part);
    } else if (errno != EEXIST || !is_directory(part)) {
      return failed("cannot make directory", part);
    }
  }
  return {};
}

Result<std::vector<std::string>> list_directory(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(path, error), end;
  for (; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().native());
  if (error) return errno_error(concat("cannot list ", path), error.value());
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> sync_directory(const std::string& path) {
  const FileDescriptor directory = TRY(open_file(path, O_RDONLY | O_DIRECTORY, "cannot open"));
  if (::fsync(directory.number()) != 0) return failed("cannot sync", path);
  return {};
}

Result<void> remove_tree(const std::string& path) {
  // Where others remove or leave files below it at the same time, what is missing now is no fault.
  constexpr int tries_max = 100'000;
  std::error_code error;
  for (int tries = 0; tries < tries_max; ++tries) {
    fs::remove_all(path, error);
    if (error != std::errc::no_such_file_or_directory) break;
  }
  if (error) return errno_error(concat("cannot remove ", path), error.value());
  return {};
}

Result<uint64_t> tree_bytes(const std::string& path) {
  uint64_t bytes = 0;
  TRY(walk(path, [&](const std::string& entry) -> Result<void> {
    struct stat status {};
    if (::lstat(entry.c_str(), &status) == 0) {
      if (S_ISREG(status.st_mode)) bytes += status.st_size;
    } else if (errno != ENOENT || entry == path) {  // a server may remove its files meanwhile
      return failed("cannot examine", entry);
    }
    return {};
  }));
  return bytes;
}

Result<void> change_owner_tree(const std::string& path, const Account& owner) {
  return walk(path, [&](const std::string& entry) -> Result<void> {
    if (::lchown(entry.c_str(), owner.user, owner.group) != 0)
      return failed("cannot change the owner of", entry);
    return {};
  });
}

}  // namespace pawl::world
