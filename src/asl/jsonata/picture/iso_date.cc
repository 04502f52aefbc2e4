#include <cmath>

#include "asl/jsonata/picture/date_picture.h"

namespace pawl::asl::jsonata {
namespace {

// The pieces of a text, from left to right. Each takes what it is asked for, or nothing.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : text_(text) {}

  bool is_at_end() const { return text_.empty(); }
  bool take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // As many digits, of which the first is at most that.
  std::optional<double> number(size_t digits, char first_max = '9') {
    if (text_.size() < digits || text_[0] > first_max) return std::nullopt;
    double value = 0;
    for (size_t at = 0; at < digits; ++at) {
      if (text_[at] < '0' || text_[at] > '9') return std::nullopt;
      value = value * 10 + (text_[at] - '0');
    }
    text_.remove_prefix(digits);
    return value;
  }
  // "-" and such a number; nothing is taken where it is something else.
  std::optional<double> dashed(char first_max) {
    const std::string_view before = text_;
    if (take('-'))
      if (const auto value = number(2, first_max)) return value;
    text_ = before;
    return std::nullopt;
  }

 private:
  std::string_view text_;
};

struct Moment {
  double year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, millis = 0, zone = 0;
};

// [ "T" hour ":" minute ":" second ]
bool read_time(Pieces& pieces, Moment& moment) {
  if (!pieces.take('T')) return true;
  const auto hour = pieces.number(2, '2');
  if (!hour || !pieces.take(':')) return false;
  const auto minute = pieces.number(2, '5');
  if (!minute || !pieces.take(':')) return false;
  const auto second = pieces.number(2, '5');
  if (!second) return false;
  moment.hour = *hour;
  moment.minute = *minute;
  moment.second = *second;
  return true;
}

// [ "." digits ], of which three count.
bool read_fraction(Pieces& pieces, Moment& moment) {
  if (!pieces.take('.')) return true;
  double weight = 100;
  size_t digits = 0;
  while (const auto digit = pieces.number(1)) {
    moment.millis += std::floor(weight) * *digit;
    weight /= 10;
    ++digits;
  }
  return digits > 0;
}

// [ "Z" | ( "+" | "-" ) hours [ ":" ] minutes ]
bool read_zone(Pieces& pieces, Moment& moment) {
  if (pieces.is_at_end() || pieces.take('Z')) return true;
  const bool is_west = pieces.take('-');
  if (!is_west && !pieces.take('+')) return false;
  const auto hours = pieces.number(2, '2');
  if (!hours) return false;
  pieces.take(':');
  const auto minutes = pieces.number(2, '5');
  if (!minutes) return false;
  moment.zone = (*hours * 60 + *minutes) * (is_west ? -60'000 : 60'000);
  return true;
}

// "-05" may be a month, or a day without one, or the hours of a zone: the first way counts that
// leads to the end of the text.
std::optional<Moment> read(std::string_view text, bool has_month, bool has_day) {
  Pieces pieces(text);
  Moment moment;
  const auto year = pieces.number(4);
  if (!year) return std::nullopt;
  moment.year = *year;
  if (has_month) {
    const auto month = pieces.dashed('1');
    if (!month) return std::nullopt;
    moment.month = *month;
  }
  if (has_day) {
    const auto day = pieces.dashed('3');
    if (!day) return std::nullopt;
    moment.day = *day;
  }
  const bool is_read = read_time(pieces, moment) && read_fraction(pieces, moment) &&
                       read_zone(pieces, moment) && pieces.is_at_end();
  return is_read ? std::optional(moment) : std::nullopt;
}

}  // namespace

std::optional<double> parse_iso_date(std::string_view text) {
  constexpr size_t length_max = 100;
  if (text.size() > length_max) return std::nullopt;
  auto moment = read(text, true, true);
  if (!moment) moment = read(text, true, false);
  if (!moment) moment = read(text, false, true);
  if (!moment) moment = read(text, false, false);
  if (!moment) return std::nullopt;
  const auto& [year, month, day, hour, minute, second, millis, zone] = *moment;
  const bool is_midnight = hour == 24 && minute == 0 && second == 0;
  if (month < 1 || month > 12 || day < 1 || day > 31 || (hour > 23 && !is_midnight))
    return std::nan("");
  const double in_day = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
  // Unlike in pictures, a year is never short for another one.
  constexpr double leap_cycle = 400, days_of_cycle = 146'097, millis_per_day = 86'400'000;
  return utc_millis(year + leap_cycle, month, day, in_day - zone) - days_of_cycle * millis_per_day;
}

}  // namespace pawl::asl::jsonata
