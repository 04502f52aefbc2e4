#include "base/time.h"

#include <array>
#include <cstdio>

namespace pawl {
namespace {

using std::chrono::floor;

// The number in digits [from, from + count), or -1 where one of them is no digit.
int digits(std::string_view text, size_t from, size_t count) {
  int number = 0;
  if (from + count > text.size()) return -1;
  for (char c : text.substr(from, count)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

// The fraction after the seconds, and how many characters it took: ".25" is 250 ms and 3.
std::pair<Duration, size_t> parse_fraction(std::string_view text) {
  if (text.empty() || text[0] != '.') return {Duration(0), 0};
  int64_t micros = 0, weight = 100000;
  size_t used = 1;
  for (; used < text.size() && text[used] >= '0' && text[used] <= '9'; ++used, weight /= 10)
    micros += (text[used] - '0') * weight;
  return {Duration(micros), used};
}

std::optional<Duration> parse_offset(std::string_view text) {
  if (text == "Z") return Duration(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hour = digits(text, 1, 2), minute = digits(text, 4, 2);
  if (hour < 0 || minute < 0 || hour > 23 || minute > 59) return std::nullopt;
  const Duration offset = hours(hour) + minutes(minute);
  return text[0] == '+' ? offset : -offset;
}

}  // namespace

std::string format_date(Instant instant) {
  const std::chrono::year_month_day date(floor<std::chrono::days>(instant));
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string format_instant(Instant instant) {
  const auto within_day = instant - floor<std::chrono::days>(instant);
  const auto ms = std::chrono::duration_cast<milliseconds>(within_day).count();
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d.%03dZ", static_cast<int>(ms / 3600000),
                static_cast<int>(ms / 60000 % 60), static_cast<int>(ms / 1000 % 60),
                static_cast<int>(ms % 1000));
  return format_date(instant) + text.data();
}

double epoch_seconds(Instant instant) {
  const auto ms = floor<milliseconds>(instant.time_since_epoch()).count();
  return static_cast<double>(ms) / 1000.0;
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!date || hour < 0 || minute < 0 || second < 0 || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  const auto [fraction, used] = parse_fraction(text.substr(19));
  const auto offset = parse_offset(text.substr(19 + used));
  if (!offset || used == 1) return std::nullopt;
  return Instant(*date) + hours(hour) + minutes(minute) + seconds(second) + fraction - *offset;
}

bool is_date(std::string_view text) { return parse_date(text).has_value(); }

std::string format_duration(Duration duration) {
  const double s = std::chrono::duration<double>(duration).count();
  std::array<char, 64> text;
  const long whole = static_cast<long>(s + 0.5);
  if (s < 1)
    std::snprintf(text.data(), text.size(), "%.0f ms", s * 1000);
  else if (s < 60)
    std::snprintf(text.data(), text.size(), "%.1f s", s);
  else if (whole < 3600)
    std::snprintf(text.data(), text.size(), "%ld m %02ld s", whole / 60, whole % 60);
  else
    std::snprintf(text.data(), text.size(), "%ld h %02ld m", whole / 3600, whole / 60 % 60);
  return text.data();
}

}  // namespace pawl
