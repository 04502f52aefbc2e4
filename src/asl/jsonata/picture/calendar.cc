#include "asl/jsonata/picture/calendar.h"

namespace pawl::asl::jsonata {
namespace {

constexpr int64_t millis_per_day = 86'400'000;

int64_t floor_divide(int64_t number, int64_t divisor) {
  const int64_t quotient = number / divisor;
  return number % divisor < 0 ? quotient - 1 : quotient;
}

// Monday is 1.
int weekday(int64_t days) { return static_cast<int>(((days + 3) % 7 + 7) % 7) + 1; }

// The Monday of the week that belongs to a year (month 1) or to a month: the first one with four
// days in it.
int64_t first_week(int64_t year, int64_t month) {
  const int64_t first = days_from_civil(year, month, 1);
  const int day = weekday(first);
  return day > 4 ? first + 8 - day : first - (day - 1);
}

// The number of the week in a span that begins with `first_week(year, month)` and is `months` long.
int week_number(int64_t today, int64_t year, int64_t month, int64_t months) {
  const int weeks_min = months == 12 ? 52 : 4;
  const auto weeks_from = [&](int64_t start) { return floor_divide(today - start, 7) + 1; };
  const int64_t week = weeks_from(first_week(year, month));
  if (week > weeks_min && today >= first_week(year, month + months)) return 1;
  if (week < 1) return static_cast<int>(weeks_from(first_week(year, month - months)));
  return static_cast<int>(week);
}

}  // namespace

// Days are counted in eras of 400 years, whose years begin in March.
int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
  year += floor_divide(month - 1, 12);
  month -= floor_divide(month - 1, 12) * 12;
  if (month <= 2) --year;
  const int64_t era = floor_divide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

CivilDay civil_from_days(int64_t days) {
  days += 719'468;
  const int64_t era = floor_divide(days, 146'097);
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const auto month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

DateParts::DateParts(int64_t millis)
    : today_(floor_divide(millis, millis_per_day)),
      in_day_(millis - today_ * millis_per_day),
      civil_(civil_from_days(today_)) {}

std::optional<double> DateParts::component(char component) const {
  const int64_t today = today_, in_day = in_day_;
  const auto [year, month, day] = civil_;
  const int64_t hour = in_day / 3'600'000;
  switch (component) {
    case 'Y':
      return year;
    case 'M':
      return month;
    case 'D':
      return day;
    case 'd':
      return today - days_from_civil(year, 1, 1) + 1;
    case 'F':
      return weekday(today);
    case 'W':
      return week_number(today, year, 1, 12);
    case 'w':
      return week_number(today, year, month, 1);
    case 'X':
      return year + (today < first_week(year, 1) ? -1 : today >= first_week(year + 1, 1) ? 1 : 0);
    case 'x':
      if (today < first_week(year, month)) return month == 1 ? 12 : month - 1;
      return today < first_week(year, month + 1) ? month : month % 12 + 1;
    case 'H':
      return hour;
    case 'h':
      return (hour + 11) % 12 + 1;
    case 'P':
      return hour >= 12 ? 1 : 0;
    case 'm':
      return in_day / 60'000 % 60;
    case 's':
      return in_day / 1'000 % 60;
    case 'f':
      return in_day % 1'000;
    default:
      return std::nullopt;
  }
}

}  // namespace pawl::asl::jsonata
