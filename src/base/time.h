#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pawl {

using Duration = std::chrono::microseconds;
// A moment in UTC.
using Instant = std::chrono::time_point<std::chrono::system_clock, Duration>;

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// "2026-11-21T02:18:04.123Z", the form of the context object and of logs.
std::string format_instant(Instant instant);
// Seconds since the epoch with three decimals, the form of AWS JSON timestamps.
double epoch_seconds(Instant instant);
// RFC 3339 as the Amazon States Language profiles it: an upper-case T, and Z or a numeric offset.
std::optional<Instant> parse_instant(std::string_view text);
// "2026-11-21".
std::string format_date(Instant instant);
// Whether the text is a day of the calendar written YYYY-MM-DD.
bool is_date(std::string_view text);
// For people: "850 ms", "12.4 s", "3 m 05 s", "2 h 04 m".
std::string format_duration(Duration duration);

}  // namespace pawl
