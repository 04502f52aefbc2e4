#include "cli/units.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <ctime>

#include "base/text.h"

namespace pawl::cli {
namespace {

std::optional<double> unit_in_seconds(std::string_view unit) {
  if (unit == "ms") return 0.001;
  if (unit == "s" || unit.empty()) return 1;
  if (unit == "m" || unit == "min") return 60;
  if (unit == "h") return 3600;
  if (unit == "d") return 86400;
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double total = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && (std::isdigit(text[end]) || text[end] == '.')) ++end;
    const auto number = parse_number(text.substr(at, end - at));
    at = end;
    while (end < text.size() && std::isalpha(text[end])) ++end;
    const auto unit = unit_in_seconds(text.substr(at, end - at));
    if (!number || !unit || *number < 0) return std::nullopt;
    // A bare number is allowed only where it is the whole text.
    if (end == at && (end != text.size() || total > 0)) return std::nullopt;
    total += *number * *unit;
    at = end;
  }
  if (total > 100.0 * 366 * 86400) return std::nullopt;
  return Duration(static_cast<int64_t>(std::llround(total * 1e6)));
}

Instant from_epoch(double seconds) {
  return Instant(Duration(static_cast<int64_t>(std::llround(seconds * 1e6))));
}

std::string format_time(Instant instant, bool is_utc) {
  const time_t moment = std::chrono::floor<seconds>(instant).time_since_epoch().count();
  tm parts{};
  if (is_utc) {
    gmtime_r(&moment, &parts);
  } else {
    localtime_r(&moment, &parts);
  }
  char text[64];
  strftime(text, sizeof text, is_utc ? "%Y-%m-%d %H:%M:%S UTC" : "%Y-%m-%d %H:%M:%S %Z", &parts);
  return text;
}

std::string count_of(size_t count, std::string_view noun) {
  return concat(count, " ", noun, count == 1 ? "" : "s");
}

}  // namespace pawl::cli
