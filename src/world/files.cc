#include "world/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

#include "base/text.h"
#include "world/file_lock.h"

namespace pawl::world {
namespace {

Error failed(std::string_view what, const std::string& path) {
  return errno_error(concat(what, " ", path), errno);
}

Result<struct stat> status_of(const FileDescriptor& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return failed("cannot examine", path);
  return status;
}

Result<std::string> read_all(const FileDescriptor& file, const std::string& path,
                             size_t bytes_max) {
  std::string bytes;
  char chunk[64 << 10];
  for (;;) {
    const ssize_t count = ::read(file.number(), chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("cannot read", path);
    if (count == 0) return bytes;
    if (bytes.size() + count > bytes_max)
      return Error(ErrorCode::invalid_argument,
                   concat(path, " is larger than ", format_bytes(bytes_max)));
    bytes.append(chunk, count);
  }
}

Result<void> sync(const FileDescriptor& file, const std::string& path) {
  if (::fsync(file.number()) != 0) return failed("cannot sync", path);
  return {};
}

Result<void> fill_and_sync(const FileDescriptor& file, const std::string& path,
                           std::string_view bytes, mode_t mode) {
  TRY(write_all(file, bytes, path));
  if (::fchmod(file.number(), mode) != 0) return failed("cannot set the mode of", path);
  return sync(file, path);
}

// What goes before a new line: a line feed where the last line was torn.
Result<std::string_view> ending_of_last_line(const FileDescriptor& file, off_t bytes,
                                             const std::string& path) {
  if (bytes == 0) return std::string_view();
  char last = 0;
  if (::pread(file.number(), &last, 1, bytes - 1) != 1) return failed("cannot read", path);
  return std::string_view(last == '\n' ? "" : "\n");
}

}  // namespace

Result<FileDescriptor> open_file(const std::string& path, int flags, std::string_view what,
                                 mode_t mode) {
  int number;
  do number = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (number < 0 && errno == EINTR);
  if (number < 0) return failed(what, path);
  return FileDescriptor(number);
}

Result<void> write_all(const FileDescriptor& file, std::string_view bytes,
                       const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("cannot write", path);
    bytes.remove_prefix(written);
  }
  return {};
}

Result<std::string> read_file(const std::string& path, size_t bytes_max) {
  return read_all(TRY(open_file(path, O_RDONLY, "cannot read")), path, bytes_max);
}

Result<std::string> read_private_file(const std::string& path, std::string_view what) {
  const FileDescriptor file = TRY(open_file(path, O_RDONLY, concat("cannot open the ", what)));
  const auto status = TRY(status_of(file, path));
  const char* complaint = nullptr;
  if (!S_ISREG(status.st_mode)) {
    complaint = "is not a regular file";
  } else if ((status.st_mode & 077) != 0) {
    complaint = "can be used by others than its owner";
  } else if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    complaint = "belongs to someone else";
  }
  if (complaint == nullptr) return read_all(file, path, read_bytes_max);
  return Error(ErrorCode::permission_denied, concat("the ", what, " ", path, " ", complaint),
               concat("Run chmod 600 ", path, " as the account that runs pawl."));
}

Result<void> write_file_atomically(const std::string& path, std::string_view bytes, mode_t mode) {
  std::string fresh = path + ".XXXXXX.tmp";
  FileDescriptor file(::mkostemps(fresh.data(), 4, O_CLOEXEC));
  if (!file.is_open()) return failed("cannot write", path);
  auto filled = fill_and_sync(file, path, bytes, mode);
  file.close();
  if (filled && ::rename(fresh.c_str(), path.c_str()) != 0) filled = failed("cannot write", path);
  if (!filled) {
    ::unlink(fresh.c_str());
    return filled;
  }
  return sync_directory(parent_directory(path));
}

Result<void> append_line_durably(const std::string& path, std::string_view line, mode_t mode) {
  const FileDescriptor file =
      TRY(open_file(path, O_RDWR | O_APPEND | O_CREAT, "cannot append to", mode));
  // The lock makes it safe to cut off again what a full disk took only half of.
  TRY(hold(file, path));
  const off_t before = TRY(status_of(file, path)).st_size;
  const std::string record = concat(TRY(ending_of_last_line(file, before, path)), line, "\n");
  auto written = write_all(file, record, path);
  if (written) written = sync(file, path);
  if (!written) {
    // Where even this fails, the next append finds a torn line and ends it.
    [[maybe_unused]] const int ignored = ::ftruncate(file.number(), before);
    return written;
  }
  return before == 0 ? sync_directory(parent_directory(path)) : Result<void>();
}

Result<void> replace_symlink_atomically(const std::string& target, const std::string& link) {
  // A name left by a crash, or taken by another thread, is passed over.
  std::string fresh;
  for (int attempt = 0;; ++attempt) {
    fresh = concat(link, ".", ::getpid(), "-", attempt, ".tmp");
    if (::symlink(target.c_str(), fresh.c_str()) == 0) break;
    if (errno != EEXIST || attempt == 100) return failed("cannot make link", link);
  }
  if (::rename(fresh.c_str(), link.c_str()) != 0) {
    const Error error = failed("cannot replace link", link);
    ::unlink(fresh.c_str());
    return error;
  }
  return sync_directory(parent_directory(link));
}

Result<bool> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0) {
    TRY(sync_directory(parent_directory(path)));
    return true;
  }
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return failed("cannot remove", path);
}

Result<std::string> read_symlink(const std::string& link) {
  char target[4096];
  const ssize_t length = ::readlink(link.c_str(), target, sizeof target);
  if (length < 0) return failed("cannot read link", link);
  return std::string(target, length);
}

}  // namespace pawl::world
