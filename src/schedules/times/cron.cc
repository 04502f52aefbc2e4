#include "schedules/times/cron.h"

#include <array>
#include <vector>

#include "base/text.h"

namespace pawl::schedules {
namespace {

using std::chrono::local_days;
using std::chrono::months;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 12> month_names = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr FieldRule minute_rule{.name = "minutes", .least = 0, .most = 59, .is_circular = true};
constexpr FieldRule hour_rule{.name = "hours", .least = 0, .most = 23, .is_circular = true};
constexpr FieldRule month_rule{
    .name = "months", .least = 1, .most = 12, .is_circular = true, .words = month_names};
constexpr FieldRule year_rule{
    .name = "years", .least = static_cast<int>(first_year), .most = static_cast<int>(last_year)};

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(text, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

}  // namespace

Result<Cron> Cron::parse(std::string_view fields) {
  const auto words = words_of(fields);
  if (words.size() != 6)
    return Error(ErrorCode::invalid_argument,
                 concat("there are ", words.size(), " fields, and a cron expression has six"),
                 "They are minutes, hours, day of the month, month, day of the week, year: "
                 "`0 2 ? * SUN *` is every Sunday at two.");
  Cron cron(TRY(CronDays::parse(words[2], words[4])));
  cron.minutes_ = TRY(parse_field(minute_rule, words[0]));
  cron.hours_ = TRY(parse_field(hour_rule, words[1]));
  cron.months_ = TRY(parse_field(month_rule, words[3]));
  cron.years_ = TRY(parse_field(year_rule, words[5]));
  return cron;
}

std::optional<std::chrono::minutes> Cron::next_in_day(std::chrono::minutes from) const {
  auto minute = static_cast<size_t>(from.count() % 60);
  for (auto hour = static_cast<size_t>(from.count() / 60); hour < 24; ++hour, minute = 0) {
    if (!hours_[hour]) continue;
    for (; minute < 60; ++minute)
      if (minutes_[minute]) return std::chrono::minutes(hour * 60 + minute);
  }
  return std::nullopt;
}

std::optional<LocalTime> Cron::next_from(LocalTime from) const {
  using std::chrono::ceil;
  using std::chrono::floor;
  auto minute = std::max<std::chrono::local_time<std::chrono::minutes>>(
      ceil<std::chrono::minutes>(from), local_days(first_year / 1 / 1));
  year_month_day date(floor<std::chrono::days>(minute));
  auto of_day = minute - floor<std::chrono::days>(minute);
  auto day = static_cast<unsigned>(date.day());
  for (year_month month = date.year() / date.month(); month.year() <= last_year;
       month += months(1), day = 1, of_day = std::chrono::minutes(0)) {
    const int year = static_cast<int>(month.year()) - year_rule.least;
    if (!years_[static_cast<size_t>(year)] || !months_[static_cast<unsigned>(month.month()) - 1])
      continue;
    for (uint32_t days = days_.in(month) >> day; days != 0; days >>= 1, ++day) {
      if (days & 1)
        if (const auto found = next_in_day(of_day))
          return local_days(month / std::chrono::day(day)) + *found;
      of_day = std::chrono::minutes(0);
    }
  }
  return std::nullopt;
}

}  // namespace pawl::schedules
