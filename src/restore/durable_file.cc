#include "restore/durable_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "base/text.h"

namespace pawl::restore {
namespace {

// A descriptor that is closed with its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Different for every thread and call, so that two writers never share a temporary file.
std::string temporary_name(const std::string& path) {
  static std::atomic<uint64_t> counter{0};
  return concat(path, ".new-", getpid(), "-", counter.fetch_add(1));
}

Result<void> write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_error(concat("cannot write ", path), errno);
    text.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<void> write_new(const std::string& path, std::string_view text, mode_t mode) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!file.is_open()) return errno_error(concat("cannot create ", path), errno);
  if (fchmod(file.get(), mode) != 0) return errno_error(concat("cannot change ", path), errno);
  TRY(write_all(file.get(), text, path));
  if (fsync(file.get()) != 0) return errno_error(concat("cannot sync ", path), errno);
  return {};
}

Result<void> rename_durably(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) {
    const int failure = errno;
    unlink(from.c_str());
    return errno_error(concat("cannot replace ", to), failure);
  }
  return sync_directory(folder_of(to));
}

Result<int> locked(const std::string& path, FileLock::Kind kind, int flags) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return errno_error(concat("cannot open ", path), errno);
  const int operation = (kind == FileLock::Kind::shared ? LOCK_SH : LOCK_EX) | flags;
  int status = 0;
  do {
    status = flock(file, operation);
  } while (status != 0 && errno == EINTR);
  if (status == 0) return file;
  const int failure = errno;
  close(file);
  if (failure == EWOULDBLOCK) return Error(ErrorCode::conflict, concat(path, " is locked"));
  return errno_error(concat("cannot lock ", path), failure);
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return errno_error(concat("cannot open ", path), errno);
  std::string text;
  char buffer[16384];
  for (;;) {
    const ssize_t count = read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno_error(concat("cannot read ", path), errno);
    if (count == 0) return text;
    text.append(buffer, static_cast<size_t>(count));
  }
}

Result<void> write_durably(const std::string& path, std::string_view text, mode_t mode) {
  const std::string temporary = temporary_name(path);
  if (auto written = write_new(temporary, text, mode); !written) {
    unlink(temporary.c_str());
    return std::move(written).error();
  }
  return rename_durably(temporary, path);
}

Result<void> append_line_durably(const std::string& path, std::string_view line) {
  const bool is_new = access(path.c_str(), F_OK) != 0;
  Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!file.is_open()) return errno_error(concat("cannot open ", path), errno);
  std::string text;
  char last = '\n';
  const off_t size = lseek(file.get(), 0, SEEK_END);
  if (size > 0 && pread(file.get(), &last, 1, size - 1) != 1) {
    return errno_error(concat("cannot read ", path), errno);
  }
  if (last != '\n') text += '\n';
  text.append(line);
  text += '\n';
  TRY(write_all(file.get(), text, path));
  if (fdatasync(file.get()) != 0) return errno_error(concat("cannot sync ", path), errno);
  return is_new ? sync_directory(folder_of(path)) : Result<void>();
}

Result<void> make_directories(const std::string& path, mode_t mode) {
  if (access(path.c_str(), F_OK) == 0) return {};
  const std::string parent = folder_of(path);
  if (parent != path) TRY(make_directories(parent, 0755));
  if (mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
    return errno_error(concat("cannot create the folder ", path), errno);
  }
  return sync_directory(parent);
}

Result<void> sync_directory(const std::string& path) {
  Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return errno_error(concat("cannot open the folder ", path), errno);
  if (fsync(folder.get()) != 0) return errno_error(concat("cannot sync ", path), errno);
  return {};
}

Result<void> link_atomically(const std::string& path, const std::string& destination) {
  const std::string temporary = temporary_name(path);
  if (symlink(destination.c_str(), temporary.c_str()) != 0) {
    return errno_error(concat("cannot create the link ", temporary), errno);
  }
  return rename_durably(temporary, path);
}

Result<FileLock> FileLock::take(const std::string& path, Kind kind) {
  return FileLock(TRY(locked(path, kind, 0)));
}

Result<FileLock> FileLock::try_take(const std::string& path, Kind kind) {
  return FileLock(TRY(locked(path, kind, LOCK_NB)));
}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace pawl::restore
