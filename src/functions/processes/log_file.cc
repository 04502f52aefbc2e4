#include "functions/processes/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "world/files.h"

namespace pawl::functions::processes {
namespace {

constexpr size_t file_bytes_max = 16 << 20, held_bytes_max = 64 << 10;

Result<std::string> end_of_file(const std::string& path, size_t bytes_max) {
  const auto file = TRY(world::open_file(path, O_RDONLY, "cannot read"));
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return errno_error("cannot examine " + path, errno);
  const size_t size = status.st_size, wanted = std::min(size, bytes_max);
  std::string text(wanted, '\0');
  const auto count = ::pread(file.number(), text.data(), wanted, size - wanted);
  if (count < 0) return errno_error("cannot read " + path, errno);
  text.resize(count);
  if (wanted < size) text.erase(0, text.find('\n') + 1);
  return text;
}

}  // namespace

void LogFile::append(std::string_view text) {
  if (text.empty()) return;
  held_ += text;
  is_inside_line_ = !text.ends_with('\n');
  if (held_.size() > held_bytes_max) flush();
}

void LogFile::append_line(std::string_view text) {
  if (is_inside_line_) append("\n");
  append(concat(text, "\n"));
}

void LogFile::open() {
  auto file = world::open_file(path_, O_WRONLY | O_CREAT | O_APPEND, "cannot open", 0600);
  struct stat status {};
  if (!file || ::fstat(file->number(), &status) != 0) return;
  file_ = *std::move(file);
  bytes_ = status.st_size;
}

void LogFile::flush() {
  if (held_.empty()) return;
  if (!file_.is_open()) open();
  if (file_.is_open() && world::write_all(file_, held_, path_)) bytes_ += held_.size();
  held_.clear();
  if (bytes_ < file_bytes_max) return;
  file_.close();
  ::rename(path_.c_str(), (path_ + ".1").c_str());
  bytes_ = 0;
}

void LogFile::close() {
  held_.clear();
  is_inside_line_ = false;
  file_.close();
}

Result<std::string> end_of_log(const std::string& path, size_t bytes_max) {
  std::string text = world::exists(path) ? TRY(end_of_file(path, bytes_max)) : std::string();
  const std::string before = path + ".1";
  if (text.size() < bytes_max && world::exists(before))
    text.insert(0, TRY(end_of_file(before, bytes_max - text.size())));
  return text;
}

}  // namespace pawl::functions::processes
