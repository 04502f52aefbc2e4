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

size_t distance(std::string_view left, std::string_view right) {
  std::vector<size_t> row(right.size() + 1);
  for (size_t column = 0; column <= right.size(); ++column) row[column] = column;
  for (size_t line = 1; line <= left.size(); ++line) {
    size_t diagonal = row[0];
    row[0] = line;
    for (size_t column = 1; column <= right.size(); ++column) {
      const size_t changed = diagonal + (left[line - 1] != right[column - 1]);
      diagonal = row[column];
      row[column] = std::min({row[column] + 1, row[column - 1] + 1, changed});
    }
  }
  return row.back();
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

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  const std::string* best = nullptr;
  // A third of the letters may be wrong, and always two, so that swapped neighbours are forgiven.
  size_t best_distance = std::max<size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > 3 && word.size() > 1 && candidate.starts_with(word)) return candidate;
    const size_t between = distance(word, candidate);
    if (between < best_distance && between < std::max(word.size(), candidate.size())) {
      best = &candidate;
      best_distance = between;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

std::string count_of(size_t count, std::string_view noun) {
  return concat(count, " ", noun, count == 1 ? "" : "s");
}

}  // namespace pawl::cli
