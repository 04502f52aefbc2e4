#include "schedules/times/cron_days.h"

#include <array>

#include "base/text.h"

namespace pawl::schedules {
namespace {

using std::chrono::weekday;
using std::chrono::year_month;

constexpr std::array<std::string_view, 7> weekday_names = {"SUN", "MON", "TUE", "WED",
                                                           "THU", "FRI", "SAT"};
constexpr FieldRule month_days{.name = "days of the month", .least = 1, .most = 31};
constexpr FieldRule week_days{
    .name = "days of the week", .least = 1, .most = 7, .is_circular = true, .words = weekday_names};
constexpr unsigned saturday = 6;

unsigned last_day(year_month month) {
  return static_cast<unsigned>((month / std::chrono::last).day());
}

weekday weekday_of(year_month month, unsigned day) {
  return weekday(std::chrono::sys_days(month / std::chrono::day(day)));
}

bool is_weekend(weekday day) { return day == std::chrono::Saturday || day == std::chrono::Sunday; }

// Never in another month: of Saturday the first it is Monday the third.
unsigned nearest_weekday(year_month month, unsigned day) {
  const weekday of_day = weekday_of(month, day);
  if (of_day == std::chrono::Saturday) return day == 1 ? 3 : day - 1;
  if (of_day == std::chrono::Sunday) return day == last_day(month) ? day - 2 : day + 1;
  return day;
}

}  // namespace

Result<CronDays> CronDays::parse(std::string_view of_month, std::string_view of_week) {
  if ((of_month == "?") == (of_week == "?"))
    return Error(ErrorCode::invalid_argument,
                 "exactly one of the day of the month and the day of the week must be ?",
                 "Every day is `* * ?`: any day of the month, any month.");
  CronDays days;
  if (of_month != "?")
    for (const auto element : split(of_month, ',')) TRY(days.add_of_month(element));
  if (of_week != "?")
    for (const auto element : split(of_week, ',')) TRY(days.add_of_week(element));
  return days;
}

Result<void> CronDays::add_of_month(std::string_view element) {
  const std::string text = lower(element);
  if (text == "lw" || text == "wl") {
    is_last_weekday_ = true;
  } else if (text.starts_with('l')) {
    const auto before = text == "l" ? 0 : parse_integer(std::string_view(text).substr(1));
    if (!before || *before > 0 || *before < -30)
      return wrong_field(month_days, element, "L is the last day, L-1 to L-30 those before it");
    from_last_.push_back(static_cast<int>(-*before));
  } else if (text.ends_with('w')) {
    near_.push_back(
        TRY(parse_field_number(month_days, std::string_view(text).substr(0, text.size() - 1))));
  } else {
    of_month_ |= TRY(parse_field_element(month_days, element));
  }
  return {};
}

Result<void> CronDays::add_of_week(std::string_view element) {
  const std::string text = lower(element);
  if (text == "l") {
    of_week_.set(saturday);
  } else if (const size_t hash = element.find('#'); hash != element.npos) {
    const int day = TRY(parse_field_number(week_days, element.substr(0, hash)));
    const auto number = parse_integer(element.substr(hash + 1));
    if (!number || *number < 1 || *number > 5)
      return wrong_field(week_days, element, "after # stands which of the month: 1 to 5");
    nth_of_week_.push_back({static_cast<unsigned>(day - 1), static_cast<unsigned>(*number)});
  } else if (text.ends_with('l')) {
    const int day = TRY(parse_field_number(week_days, element.substr(0, element.size() - 1)));
    last_of_week_.set(static_cast<size_t>(day - 1));
  } else {
    of_week_ |= TRY(parse_field_element(week_days, element));
  }
  return {};
}

uint32_t CronDays::in(year_month month) const {
  const unsigned last = last_day(month);
  uint32_t days = 0;
  unsigned of_week = weekday_of(month, 1).c_encoding();
  for (unsigned day = 1; day <= last; ++day, of_week = (of_week + 1) % 7) {
    if (of_month_[day - 1] || of_week_[of_week] || (last_of_week_[of_week] && day + 7 > last))
      days |= 1u << day;
    for (const Nth& nth : nth_of_week_)
      if (nth.weekday == of_week && (day - 1) / 7 + 1 == nth.number) days |= 1u << day;
  }
  for (const int before : from_last_)
    if (static_cast<unsigned>(before) < last) days |= 1u << (last - static_cast<unsigned>(before));
  for (const int day : near_)
    if (static_cast<unsigned>(day) <= last)
      days |= 1u << nearest_weekday(month, static_cast<unsigned>(day));
  if (is_last_weekday_)
    for (unsigned day = last;; --day)
      if (!is_weekend(weekday_of(month, day))) {
        days |= 1u << day;
        break;
      }
  return days;
}

}  // namespace pawl::schedules
