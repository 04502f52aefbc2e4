#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <chrono>

#include "base/time.h"
#include "base/utf8.h"

namespace pawl {
namespace {

std::atomic<LogLevel> lowest{LogLevel::info};

void append_value(std::string& line, std::string_view value) {
  const bool plain = !value.empty() && value.find_first_of(" \"=\\\n\r\t") == value.npos;
  if (plain) {
    line += value;
    return;
  }
  line += '"';
  for (char c : value) {
    if (c == '"' || c == '\\') line += '\\';
    if (c == '\n')
      line += "\\n";
    else
      line += c;
  }
  line += '"';
}

}  // namespace

void set_log_level(LogLevel level) { lowest = level; }

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (level < lowest.load()) return;
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  std::string line = "ts=" + format_instant(now) + " level=";
  line += names[static_cast<int>(level)];
  line += " msg=";
  append_value(line, message);
  for (const auto& [key, value] : fields) {
    line += ' ';
    line += key;
    line += '=';
    append_value(line, value);
  }
  line += '\n';
  // A damaged file may have given other bytes.
  line = with_replacements(line);
  // One write keeps lines of several threads whole; a log that cannot be written is not an error.
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

}  // namespace pawl
