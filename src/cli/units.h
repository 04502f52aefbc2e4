#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace pawl::cli {

// "90", "30s", "2m", "1h30m", "24h", "250ms": a length of time as people write it; a bare number is
// seconds.
std::optional<Duration> parse_duration(std::string_view text);

// The time of an AWS JSON answer.
Instant from_epoch(double seconds);

// "2026-11-21 02:18:04 UTC": in the local zone, or in UTC.
std::string format_time(Instant instant, bool is_utc);

// "1 database", "3 databases".
std::string count_of(size_t count, std::string_view noun);

}  // namespace pawl::cli
