#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::postgres {

// A place in the write-ahead log, "0/2000028" in text.
using Lsn = uint64_t;
Result<Lsn> parse_lsn(std::string_view text);
std::string format_lsn(Lsn lsn);

// What a data directory's control file says, as pg_controldata(1) prints it.
struct ControlData {
  std::string system_identifier;
  std::string state;  // "in production", "shut down", "shut down in recovery", …
  bool has_page_checksums = false;
  uint32_t timeline = 0;
  Lsn redo = 0;  // where replay begins
  uint64_t segment_bytes = 0;
  // The settings that a hot standby must not have lower than its origin had, name → value.
  std::map<std::string, std::string> least_settings;
};

Result<ControlData> parse_control_data(std::string_view text);

// The file name of the segment that holds a place: timeline, then the number in two parts.
std::string segment_name(uint32_t timeline, Lsn lsn, uint64_t segment_bytes);
// Whether the name is that of a segment (24 hexadecimal digits).
bool is_segment_name(std::string_view name);

}  // namespace pawl::postgres
