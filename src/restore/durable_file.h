#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::restore {

// Small files that must survive a crash whole: what these functions have written is on the disk,
// under its name, when they return.

Result<std::string> read_file(const std::string& path);

// Replaces the file atomically: a reader sees the old text or the new one.
Result<void> write_durably(const std::string& path, std::string_view text, mode_t mode = 0644);

// Adds one line (the newline is added here); a line torn by a crash before is ended first.
Result<void> append_line_durably(const std::string& path, std::string_view line);

// All missing folders of the path.
Result<void> make_directories(const std::string& path, mode_t mode = 0755);
Result<void> sync_directory(const std::string& path);
// Lets `path` be a symbolic link to `destination`, in one step where it was another link before.
Result<void> link_atomically(const std::string& path, const std::string& destination);

// An advisory lock on a file of its own, held until destruction; also between threads.
class FileLock {
 public:
  enum class Kind { exclusive, shared };
  // Waits for it.
  static Result<FileLock> take(const std::string& path, Kind kind = Kind::exclusive);
  // Error: conflict where someone else has it.
  static Result<FileLock> try_take(const std::string& path, Kind kind = Kind::exclusive);

  FileLock(FileLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace pawl::restore
