#include <cmath>

#include "asl/jsonata/picture/date_picture.h"
#include "asl/jsonata/regex/regex.h"
#include "base/text.h"

namespace pawl::asl::jsonata {

std::optional<double> parse_iso_date(std::string_view text) {
  static const auto form = Regex::compile(
      "^(\\d{4})(?:-([01]\\d))?(?:-([0-3]\\d))?(?:T([0-2]\\d):([0-5]\\d):([0-5]\\d))?(\\.\\d+)?"
      "(?:([+-])([0-2]\\d):?([0-5]\\d)|Z)?$",
      {});
  constexpr size_t length_max = 100;
  int64_t steps = 10'000;
  if (text.size() > length_max) return std::nullopt;
  const auto match = form->find(text, 0, steps);
  if (!match) return std::nullopt;
  const auto piece = [&](size_t group) {
    const auto& span = match->groups[group];
    return span ? text.substr(span->begin, span->end - span->begin) : std::string_view();
  };
  const auto number = [&](size_t group, double otherwise) {
    return parse_number(piece(group)).value_or(otherwise);
  };
  const double month = number(2, 1), day = number(3, 1), hour = number(4, 0);
  const double second = number(6, 0), minute = number(5, 0);
  const bool is_midnight = hour == 24 && minute == 0 && second == 0;
  constexpr size_t fraction_size = 4;  // the point and three digits
  const double fraction =
      std::round(parse_number(concat("0", piece(7).substr(0, fraction_size))).value_or(0) * 1000);
  if (month < 1 || month > 12 || day < 1 || day > 31 || (hour > 23 && !is_midnight))
    return std::nan("");
  const double in_day = ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
  const double zone = (number(9, 0) * 60 + number(10, 0)) * (piece(8) == "-" ? -60'000 : 60'000);
  // Unlike in pictures, a year is never short for another one.
  constexpr double leap_cycle = 400, days_of_cycle = 146'097, millis_per_day = 86'400'000;
  return utc_millis(number(1, 0) + leap_cycle, month, day, in_day - zone) -
         days_of_cycle * millis_per_day;
}

}  // namespace pawl::asl::jsonata
