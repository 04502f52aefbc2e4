#include "postgres/control_data.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/text.h"

namespace pawl::postgres {
namespace {

bool parse_hex(std::string_view text, uint64_t& number) {
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number, 16);
  return error == std::errc() && end == text.end();
}

std::string hex_word(uint64_t number) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%08llX", static_cast<unsigned long long>(number));
  return digits;
}

}  // namespace

Result<Lsn> parse_lsn(std::string_view text) {
  const size_t slash = text.find('/');
  uint64_t high = 0, low = 0;
  if (slash == text.npos || !parse_hex(text.substr(0, slash), high) ||
      !parse_hex(text.substr(slash + 1), low) || high > 0xffffffff || low > 0xffffffff) {
    return Error(ErrorCode::corrupt, concat("\"", text, "\" is no place in a write-ahead log"));
  }
  return high << 32 | low;
}

std::string format_lsn(Lsn lsn) {
  char text[32];
  std::snprintf(text, sizeof text, "%X/%X", static_cast<unsigned>(lsn >> 32),
                static_cast<unsigned>(lsn));
  return text;
}

Result<ControlData> parse_control_data(std::string_view text) {
  std::map<std::string, std::string, std::less<>> lines;
  for (std::string_view line : split(text, '\n')) {
    const size_t colon = line.find(':');
    if (colon == line.npos) continue;
    lines.emplace(line.substr(0, colon), trim(line.substr(colon + 1)));
  }
  ControlData data;
  data.system_identifier = lines["Database system identifier"];
  data.state = lines["Database cluster state"];
  data.has_page_checksums = lines["Data page checksum version"] != "0";
  data.timeline =
      static_cast<uint32_t>(parse_integer(lines["Latest checkpoint's TimeLineID"]).value_or(0));
  data.segment_bytes =
      static_cast<uint64_t>(parse_integer(lines["Bytes per WAL segment"]).value_or(0));
  if (data.system_identifier.empty() || data.timeline == 0 || data.segment_bytes == 0) {
    return Error(ErrorCode::corrupt, "pg_controldata's answer cannot be read");
  }
  data.redo = TRY(parse_lsn(lines["Latest checkpoint's REDO location"]));
  static constexpr std::pair<std::string_view, std::string_view> settings[] = {
      {"max_connections setting", "max_connections"},
      {"max_worker_processes setting", "max_worker_processes"},
      {"max_wal_senders setting", "max_wal_senders"},
      {"max_prepared_xacts setting", "max_prepared_transactions"},
      {"max_locks_per_xact setting", "max_locks_per_transaction"},
  };
  for (const auto& [printed, setting] : settings) {
    const auto line = lines.find(printed);
    if (line != lines.end()) data.least_settings.emplace(setting, line->second);
  }
  return data;
}

std::string segment_name(uint32_t timeline, Lsn lsn, uint64_t segment_bytes) {
  const uint64_t number = lsn / segment_bytes;
  const uint64_t per_part = (uint64_t{1} << 32) / segment_bytes;
  return concat(hex_word(timeline), hex_word(number / per_part), hex_word(number % per_part));
}

bool is_segment_name(std::string_view name) {
  return name.size() == 24 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
         });
}

}  // namespace pawl::postgres
