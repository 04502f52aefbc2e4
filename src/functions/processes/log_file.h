#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "world/file_descriptor.h"

namespace pawl::functions::processes {

// What a function's processes have said, with a line before and lines behind each call. Kept within
// a size: a full file becomes <path>.1 in place of the one before. Not synced.
class LogFile {
 public:
  explicit LogFile(std::string path) : path_(std::move(path)) {}
  ~LogFile() { flush(); }
  LogFile(const LogFile&) = delete;

  void append(std::string_view text);
  // A line of ours: it begins where a line does, also behind text without an end.
  void append_line(std::string_view text);
  // Writes what is held back. A disk that is full costs lines of the log and nothing else.
  void flush();
  // The file is another from now on.
  void close();

 private:
  void open();

  std::string path_;
  std::string held_;
  bool is_inside_line_ = false;
  world::FileDescriptor file_;
  size_t bytes_ = 0;
};

// The last of it, from the beginning of a line.
Result<std::string> end_of_log(const std::string& path, size_t bytes_max);

}  // namespace pawl::functions::processes
