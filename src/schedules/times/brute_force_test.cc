#include <random>
#include <set>

#include "schedules/times/testing_times.h"

namespace pawl::schedules {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::year_month_day;

// A second reading of cron expressions, slow and simple: whether one minute of the calendar
// matches.

int number_of(std::string_view text) {
  const std::string_view names = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC",
                         weekdays = "SUNMONTUEWEDTHUFRISAT";
  if (text.size() == 3 && weekdays.find(text) != names.npos)
    return static_cast<int>(weekdays.find(text) / 3 + 1);
  if (text.size() == 3 && names.find(text) != names.npos)
    return static_cast<int>(names.find(text) / 3 + 1);
  return static_cast<int>(*parse_integer(text));
}

bool has(std::string_view field, int value, int most) {
  for (const auto element : split(field, ',')) {
    const auto parts = split(element, '/');
    const auto ends = split(parts[0], '-');
    const bool is_any = parts[0] == "*";
    const int first = is_any ? most == 59 || most == 23 ? 0 : 1 : number_of(ends[0]);
    const int last = ends.size() == 2              ? number_of(ends[1])
                     : is_any || parts.size() == 2 ? most
                                                   : first;
    const int step = parts.size() == 2 ? number_of(parts[1]) : 1;
    if (value >= first && value <= last && (value - first) % step == 0) return true;
  }
  return false;
}

bool is_in_month(year_month_day date, int day) {
  return (date.year() / date.month() / std::chrono::day(static_cast<unsigned>(day))).ok();
}
int weekday_of(year_month_day date, int day) {
  return static_cast<int>(
             std::chrono::weekday(local_days(date.year() / date.month() /
                                             std::chrono::day(static_cast<unsigned>(day))))
                 .c_encoding()) +
         1;
}

bool matches_day(std::string_view of_month, std::string_view of_week, year_month_day date) {
  const int day = static_cast<int>(static_cast<unsigned>(date.day()));
  const int weekday = weekday_of(date, day);
  int last = 28;
  while (is_in_month(date, last + 1)) ++last;
  if (of_month == "L") return day == last;
  if (of_month == "L-3") return day == last - 3;
  if (of_month == "LW") {
    int wanted = last;
    while (weekday_of(date, wanted) == 1 || weekday_of(date, wanted) == 7) --wanted;
    return day == wanted;
  }
  if (of_month.ends_with('W')) {
    const int wanted = number_of(of_month.substr(0, of_month.size() - 1));
    if (wanted > last) return false;
    for (const int distance : {0, -1, 1, -2, 2}) {
      const int near = wanted + distance;
      if (near < 1 || near > last || weekday_of(date, near) == 1 || weekday_of(date, near) == 7)
        continue;
      return day == near;
    }
  }
  if (of_month != "?") return has(of_month, day, 31);
  if (of_week == "L") return weekday == 7;
  if (of_week.ends_with('L'))
    return weekday == number_of(of_week.substr(0, of_week.size() - 1)) && day + 7 > last;
  if (const auto hash = of_week.find('#'); hash != of_week.npos)
    return weekday == number_of(of_week.substr(0, hash)) &&
           (day + 6) / 7 == number_of(of_week.substr(hash + 1));
  return has(of_week, weekday, 7);
}

// The six fields of "cron(…)".
std::vector<std::string_view> fields_of(std::string_view text) {
  return split(text.substr(5, text.size() - 6), ' ');
}

bool matches_date(const std::vector<std::string_view>& fields, year_month_day date) {
  const int year = static_cast<int>(date.year());
  return has(fields[3], static_cast<int>(static_cast<unsigned>(date.month())), 12) &&
         (fields[5] == "*" || (year >= 1970 && has(fields[5], year, 2199))) &&
         matches_day(fields[2], fields[4], date);
}

bool matches(std::string_view text, LocalTime local) {
  const auto fields = fields_of(text);
  const auto of_day = floor<minutes>(local - floor<days>(local)).count();
  return has(fields[0], static_cast<int>(of_day % 60), 59) &&
         has(fields[1], static_cast<int>(of_day / 60), 23) &&
         matches_date(fields, year_month_day(floor<days>(local)));
}

TEST(brute_force, agrees_on_every_day_from_1970_to_2199) {
  for (const char* text :
       {"cron(0 0 L-3 * ? *)", "cron(0 0 LW * ? *)", "cron(0 0 1W * ? *)", "cron(0 0 31W * ? *)",
        "cron(0 0 29 FEB ? 2000-2199)", "cron(0 0 ? * MON-FRI *)", "cron(0 0 ? * 6L *)",
        "cron(0 0 ? * 1#5 *)"}) {
    const auto table = timetable(text);
    const auto fields = fields_of(text);
    std::set<Instant> wanted, found;
    for (local_days day(first_year / 1 / 1); day <= local_days(last_year / 12 / 31); day += days(1))
      if (matches_date(fields, year_month_day(day))) wanted.insert(Instant(day.time_since_epoch()));
    Instant at = moment("1969-12-31T23:59:59Z");
    while (const auto due = table.next_after(at)) found.insert(at = due->at);
    EXPECT_EQ(wanted == found, true) << text << ": " << wanted.size() << " and " << found.size();
  }
}

// From a moment on, minute by minute, until it has seen the next due time: none is before, none is
// left out, none is twice.
void walk(const std::string& text, const std::string& zone_name, Instant from) {
  const auto table = timetable(text, zone_name);
  const auto due = table.next_after(from);
  const std::string where = concat(text, " in ", zone_name, " after ", format_instant(from));
  if (due) {
    EXPECT_GT(due->at, from) << where;
  }
  std::set<LocalTime> seen;  // what clocks have shown lately
  for (Instant at = from - hours(4); at <= from; at += minutes(1))
    seen.insert(table.zone.local(at));
  LocalTime before = table.zone.local(from);
  for (Instant at = from + minutes(1); at <= from + days(2); at += minutes(1)) {
    const LocalTime local = table.zone.local(at);
    for (LocalTime skipped = before + minutes(1); skipped < local; skipped += minutes(1))
      if (matches(text, skipped)) {
        ASSERT_TRUE(due && due->is_skipped) << where;
        ASSERT_EQ(due->at, at - Duration(1)) << where;
        return;
      }
    if (matches(text, local) && seen.insert(local).second) {
      ASSERT_TRUE(due && !due->is_skipped) << where;
      ASSERT_EQ(due->at, at) << where << " not " << format_instant(due->at);
      return;
    }
    seen.insert(local);
    before = local;
  }
  if (due) {
    EXPECT_GT(due->at, from + days(2)) << where;
  }
}

TEST(brute_force, agrees_minute_by_minute_around_the_days_that_clocks_are_set) {
  if (!Zone::find("Europe/Zurich")) GTEST_SKIP() << "missing: the package tzdata";
  std::mt19937_64 random(20261121);
  const char* expressions[] = {"cron(30 2 * * ? *)",     "cron(* * * * ? *)",
                               "cron(0/7 1-3 * * ? *)",  "cron(30 1 ? * SUN *)",
                               "cron(15 0,2,3 ? * * *)", "cron(0 * * * ? *)",
                               "cron(45 23 L * ? *)",    "cron(5 2 ? * 1L *)"};
  struct {
    const char* zone;
    const char* day;
  } changes[] = {{"Europe/Zurich", "2026-03-29T00:00:00Z"},
                 {"Europe/Zurich", "2026-10-25T00:00:00Z"},
                 {"Europe/Zurich", "2155-03-30T00:00:00Z"},
                 {"America/New_York", "2026-03-08T06:00:00Z"},
                 {"America/New_York", "2099-11-01T05:00:00Z"},
                 {"Australia/Lord_Howe", "2026-10-03T15:00:00Z"},
                 {"Australia/Lord_Howe", "2026-04-04T15:00:00Z"},
                 {"Pacific/Apia", "2011-12-30T10:00:00Z"},
                 {"America/Nuuk", "2026-03-28T23:00:00Z"},
                 {"Africa/Casablanca", "2026-02-15T02:00:00Z"},
                 {"America/Sao_Paulo", "2018-11-04T03:00:00Z"},
                 {"Europe/Dublin", "1971-10-31T02:00:00Z"}};
  for (const auto& change : changes)
    for (const char* text : expressions)
      for (int each = 0; each < 4; ++each)
        walk(text, change.zone, moment(change.day) - hours(26) + minutes(random() % (30 * 60)));
}

}  // namespace
}  // namespace pawl::schedules
