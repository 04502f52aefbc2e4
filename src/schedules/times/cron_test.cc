#include <gmock/gmock.h>

#include "schedules/times/testing_times.h"

namespace pawl::schedules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Strings = std::vector<std::string>;

std::string why_not(std::string_view text) {
  const auto parsed = parse_expression(text);
  return parsed ? "it is one" : parsed.error().text();
}

TEST(cron, names_every_sunday_at_two) {
  EXPECT_THAT(next_of(timetable("cron(0 2 ? * SUN *)"), "2026-11-21T00:00:00Z", 3),
              ElementsAre("2026-11-22T02:00:00Z", "2026-11-29T02:00:00Z", "2026-12-06T02:00:00Z"));
}

TEST(cron, takes_lists_ranges_and_steps) {
  EXPECT_THAT(
      next_of(timetable("cron(0/20,59 8-9 1,15 JAN-MAR ? 2027)"), "2026-11-21T00:00:00Z", 9),
      ElementsAre("2027-01-01T08:00:00Z", "2027-01-01T08:20:00Z", "2027-01-01T08:40:00Z",
                  "2027-01-01T08:59:00Z", "2027-01-01T09:00:00Z", "2027-01-01T09:20:00Z",
                  "2027-01-01T09:40:00Z", "2027-01-01T09:59:00Z", "2027-01-15T08:00:00Z"));
  EXPECT_THAT(next_of(timetable("cron(0 22-2/2 ? * FRI-MON/3 *)"), "2026-11-21T00:00:00Z", 4),
              ElementsAre("2026-11-23T00:00:00Z", "2026-11-23T02:00:00Z", "2026-11-23T22:00:00Z",
                          "2026-11-27T00:00:00Z"));
}

TEST(cron, knows_the_last_days_of_months_and_those_before_them) {
  EXPECT_THAT(next_of(timetable("cron(0 0 L,L-2 * ? *)"), "2028-02-01T00:00:00Z", 3),
              ElementsAre("2028-02-27T00:00:00Z", "2028-02-29T00:00:00Z", "2028-03-29T00:00:00Z"));
}

TEST(cron, takes_the_nearest_weekday_without_leaving_the_month) {
  // The first of August 2026 is a Saturday; the 31st of May 2026 a Sunday.
  EXPECT_THAT(next_of(timetable("cron(0 0 1W 8 ? 2026)"), "2026-01-01T00:00:00Z", 2),
              ElementsAre("2026-08-03T00:00:00Z"));
  EXPECT_THAT(next_of(timetable("cron(0 0 31W 5 ? 2026)"), "2026-01-01T00:00:00Z", 2),
              ElementsAre("2026-05-29T00:00:00Z"));
  EXPECT_THAT(next_of(timetable("cron(0 0 15W 8,11 ? 2026)"), "2026-01-01T00:00:00Z", 3),
              ElementsAre("2026-08-14T00:00:00Z", "2026-11-16T00:00:00Z"));
  EXPECT_THAT(next_of(timetable("cron(0 0 LW 5,12 ? 2026)"), "2026-01-01T00:00:00Z", 3),
              ElementsAre("2026-05-29T00:00:00Z", "2026-12-31T00:00:00Z"));
}

TEST(cron, counts_weekdays_within_the_month) {
  EXPECT_THAT(next_of(timetable("cron(0 0 ? * 3#2 2026)"), "2026-10-20T00:00:00Z", 3),
              ElementsAre("2026-11-10T00:00:00Z", "2026-12-08T00:00:00Z"));
  EXPECT_THAT(next_of(timetable("cron(0 0 ? 10-12 FRIL 2026)"), "2026-10-01T00:00:00Z", 4),
              ElementsAre("2026-10-30T00:00:00Z", "2026-11-27T00:00:00Z", "2026-12-25T00:00:00Z"));
  EXPECT_THAT(next_of(timetable("cron(0 0 ? * L *)"), "2026-11-20T00:00:00Z", 1),
              ElementsAre("2026-11-21T00:00:00Z"));
  EXPECT_THAT(next_of(timetable("cron(0 0 ? 2 SUN#5 *)"), "2026-01-01T00:00:00Z", 2),
              ElementsAre("2032-02-29T00:00:00Z", "2060-02-29T00:00:00Z"));
}

TEST(cron, finds_the_29th_of_february_in_leap_years_only) {
  EXPECT_THAT(next_of(timetable("cron(30 4 29 FEB ? *)"), "2096-02-29T04:30:00Z", 2),
              ElementsAre("2104-02-29T04:30:00Z", "2108-02-29T04:30:00Z"));
}

TEST(cron, ends_with_its_years) {
  EXPECT_THAT(next_of(timetable("cron(0 0 1 1 ? 2199)"), "2026-01-01T00:00:00Z", 2),
              ElementsAre("2199-01-01T00:00:00Z"));
  EXPECT_THAT(next_of(timetable("cron(0 0 30 2 ? *)"), "1970-01-01T00:00:00Z", 1), IsEmpty());
  EXPECT_THAT(next_of(timetable("cron(0 0 ? * * 1970)"), "1960-01-01T00:00:00Z", 1),
              ElementsAre("1970-01-01T00:00:00Z"));
}

TEST(cron, says_what_is_wrong_with_a_field) {
  EXPECT_THAT(why_not("cron(60 2 ? * SUN *)"), HasSubstr("the minutes 60: a number from 0 to 59"));
  EXPECT_THAT(why_not("cron(0 2 ? * SUNDAY *)"), HasSubstr("the days of the week SUNDAY"));
  EXPECT_THAT(why_not("cron(0 2 ? * 0 *)"), HasSubstr("the days of the week 0"));
  EXPECT_THAT(why_not("cron(0 2 * * * *)"), HasSubstr("exactly one of"));
  EXPECT_THAT(why_not("cron(0 2 ? * ? *)"), HasSubstr("exactly one of"));
  EXPECT_THAT(why_not("cron(0 2 * * ?)"), HasSubstr("there are 5 fields"));
  EXPECT_THAT(why_not("cron(0 2 5-1 * ? *)"), HasSubstr("from the smaller to the greater"));
  EXPECT_THAT(why_not("cron(0/0 2 1 * ? *)"), HasSubstr("a step is from 1 to 60"));
  EXPECT_THAT(why_not("cron(0 2 32W * ? *)"), HasSubstr("the days of the month 32"));
  EXPECT_THAT(why_not("cron(0 2 L-31 * ? *)"), HasSubstr("L-1 to L-30"));
  EXPECT_THAT(why_not("cron(0 2 ? * MON#6 *)"), HasSubstr("1 to 5"));
  EXPECT_THAT(why_not("cron(,5 2 ? * MON *)"), HasSubstr("the minutes nothing"));
  EXPECT_THAT(why_not("cron(-5 2 ? * MON *)"), HasSubstr("the minutes nothing"));
  EXPECT_THAT(why_not("cron(0 2 ? * MON 1969)"), HasSubstr("the years 1969"));
}

TEST(expression, is_a_rate_of_minutes_hours_or_days) {
  const auto every = [](std::string_view text) { return std::get<Rate>(expression(text)).every; };
  EXPECT_EQ(every("rate(1 minute)"), minutes(1));
  EXPECT_EQ(every("rate(5 minutes)"), minutes(5));
  EXPECT_EQ(every("rate(2 hours)"), hours(2));
  EXPECT_EQ(every("rate(7 days)"), hours(7 * 24));
  for (const char* wrong : {"rate(0 minutes)", "rate(5)", "rate(5 weeks)", "rate(-1 hours)",
                            "rate(999999999999999 days)", "rate(five minutes)", "rate(1 m)"})
    EXPECT_THAT(why_not(wrong), HasSubstr(concat("schedule expression ", wrong))) << wrong;
}

TEST(expression, is_a_local_time) {
  EXPECT_THAT(next_of(timetable("at(2026-11-22T02:00:05)"), "2026-11-21T00:00:00Z", 2),
              ElementsAre("2026-11-22T02:00:05Z"));
  for (const char* wrong :
       {"at(2026-11-22T02:00)", "at(2026-11-22T02:00:00Z)", "at(2026-02-29T02:00:00)",
        "at(2026-11-22T02:00:60)", "at(tomorrow)", "every day", ""})
    EXPECT_THAT(why_not(wrong), HasSubstr("schedule expression")) << wrong;
}

TEST(timetable, counts_a_rate_from_its_anchor) {
  const auto table = timetable("rate(5 minutes)", "UTC", "2026-11-21T10:02:30Z");
  EXPECT_THAT(next_of(table, "2026-11-21T09:00:00Z", 2),
              ElementsAre("2026-11-21T10:02:30Z", "2026-11-21T10:07:30Z"));
  EXPECT_THAT(next_of(table, "2026-11-21T10:07:30Z", 1), ElementsAre("2026-11-21T10:12:30Z"));
  EXPECT_THAT(next_of(table, "2026-11-21T10:12:29Z", 1), ElementsAre("2026-11-21T10:12:30Z"));
}

TEST(timetable, is_due_at_its_start_and_at_its_end) {
  auto table = timetable("cron(0 * ? * * *)");
  table.start = moment("2026-11-21T10:00:00Z");
  table.end = moment("2026-11-21T11:00:00Z");
  EXPECT_THAT(next_of(table, "2026-01-01T00:00:00Z", 5),
              ElementsAre("2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z"));
}

}  // namespace
}  // namespace pawl::schedules
