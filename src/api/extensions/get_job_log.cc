#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "api/extensions/actions.h"
#include "api/fields.h"
#include "base/text.h"
#include "base/utf8.h"
#include "world/files.h"

namespace pawl::api::extensions {
namespace {

using json::Value;

constexpr int64_t page_bytes_max = 256 << 10;

Error refused(std::string why) {
  return Error(ErrorCode::invalid_argument, concat("ValidationException: ", why));
}

// "<job>/<index or "job">.<attempt>", see jobs::log_stream; nothing else leads to a file.
bool is_stream(std::string_view name) {
  const auto is_id = [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
    });
  };
  const auto is_number = [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto slash = name.find('/'), dot = name.find('.');
  if (slash == name.npos || dot == name.npos || dot < slash) return false;
  const auto of = name.substr(slash + 1, dot - slash - 1);
  return is_id(name.substr(0, slash)) && (of == "job" || is_number(of)) &&
         is_number(name.substr(dot + 1));
}

// Without the character that the page's end cuts in two.
std::string_view whole_characters(std::string_view bytes) {
  constexpr size_t sequence_max = 4;
  for (size_t back = 1; back <= std::min(sequence_max, bytes.size()); ++back) {
    const auto byte = static_cast<uint8_t>(bytes[bytes.size() - back]);
    if ((byte & 0xC0) == 0x80) continue;
    const size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return length > back && bytes.size() > back ? bytes.substr(0, bytes.size() - back) : bytes;
  }
  return bytes;
}

Result<Value> page(const std::string& path, int64_t position, int64_t limit) {
  const auto file = TRY(world::open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, "cannot read"));
  struct stat status {};
  if (fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
    return Error(ErrorCode::failed, concat(path, " is no file"));
  std::string bytes(static_cast<size_t>(limit), '\0');
  const ssize_t count = pread(file.number(), bytes.data(), bytes.size(), position);
  if (count < 0) return errno_error(concat("cannot read ", path), errno);
  bytes.resize(static_cast<size_t>(count));
  const auto end = position + static_cast<int64_t>(count);
  const bool is_at_end = end >= status.st_size;
  const auto shown = is_at_end ? std::string_view(bytes) : whole_characters(bytes);
  return Value::object({{"text", with_replacements(shown)},
                        {"position", position + static_cast<int64_t>(shown.size())},
                        {"isAtEnd", is_at_end}});
}

}  // namespace

void get_job_log(const Rooms& rooms, const Value& input, const Answer& answer) {
  const std::string stream = text_of(input, "logStreamName");
  const int64_t position = input.integer_at("position").value_or(0);
  const int64_t limit = input.integer_at("limit").value_or(page_bytes_max);
  if (!is_stream(stream)) return answer(refused(concat("'", stream, "' is no log stream's name")));
  if (position < 0 || limit < 1)
    return answer(refused("position must be 0 or more, limit 1 or more"));
  const std::string path = concat(rooms.jobs.options().log_directory, "/", stream, ".log");
  // An attempt that has not begun to write has written nothing.
  if (!world::exists(path))
    return answer(Value::object({{"text", ""}, {"position", position}, {"isAtEnd", true}}));
  answer(page(path, position, std::min(limit, page_bytes_max)));
}

}  // namespace pawl::api::extensions
