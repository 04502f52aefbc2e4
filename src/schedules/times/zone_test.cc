#include "schedules/times/zone.h"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <time.h>

#include <filesystem>
#include <random>

#include "schedules/times/testing_times.h"
#include "schedules/times/zone_file.h"
#include "schedules/times/zone_rule.h"
#include "world/files.h"

namespace pawl::schedules {
namespace {

using std::chrono::days;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* zone_names[] = {"Europe/Zurich",
                                      "America/New_York",
                                      "Australia/Lord_Howe",
                                      "Europe/Dublin",
                                      "America/Nuuk",
                                      "Africa/Casablanca",
                                      "America/Sao_Paulo",
                                      "Asia/Tehran",
                                      "Pacific/Apia",
                                      "Asia/Kolkata",
                                      "UTC",
                                      "Africa/Monrovia"};

bool has_zones() { return std::filesystem::exists("/usr/share/zoneinfo/Europe/Zurich"); }
#define SKIP_WITHOUT_ZONES() \
  if (!has_zones()) GTEST_SKIP() << "missing: the package tzdata"

// What the C library says.
class LibraryZone {
 public:
  explicit LibraryZone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  ~LibraryZone() {
    unsetenv("TZ");
    tzset();
  }
  LocalTime local(Instant instant) const {
    const time_t time = std::chrono::floor<seconds>(instant.time_since_epoch()).count();
    tm shown{};
    localtime_r(&time, &shown);
    return LocalTime(seconds(time + shown.tm_gmtoff));
  }
};

TEST(zone, agrees_with_the_c_library_from_1970_to_2199) {
  SKIP_WITHOUT_ZONES();
  for (const char* name : zone_names) {
    const LibraryZone library(name);
    const Zone ours = zone(name);
    int differences = 0;
    for (Instant at = moment("1970-01-01T00:00:00Z"); at < moment("2199-12-31T00:00:00Z");
         at += hours(31))
      if (ours.local(at) != library.local(at) && ++differences < 3)
        ADD_FAILURE() << name << " at " << format_instant(at);
    EXPECT_EQ(differences, 0) << name;
  }
}

TEST(zone, shows_a_time_when_it_says_it_does) {
  SKIP_WITHOUT_ZONES();
  std::mt19937_64 random(7);
  for (const char* name : zone_names) {
    const Zone ours = zone(name);
    for (int each = 0; each < 2000; ++each) {
      const Instant at = moment("1970-01-02T00:00:00Z") + minutes(random() % (229ull * 525'949));
      const auto showing = ours.when_shown(ours.local(at));
      EXPECT_TRUE(showing.is_shown);
      EXPECT_LE(showing.at, at);
      EXPECT_EQ(ours.local(showing.at), ours.local(at)) << name << " " << format_instant(at);
    }
  }
}

TEST(zone, is_not_found_under_a_name_that_is_none) {
  for (const char* name : {"Europe/Zürich", "europe/zurich", "../../../etc/passwd", "", "Europe",
                           "posix/UTC", "zone.tab", "Mars/Olympus", "/etc/passwd", "Europe/../UTC"})
    EXPECT_FALSE(Zone::find(name).has_value()) << name;
  for (const char* name : {"Mars/Olympus", "Europe"})
    EXPECT_THAT(Zone::find(name).error().text(),
                HasSubstr(concat("no time zone is called ", name)));
  EXPECT_TRUE(Zone::find("UTC").has_value());
}

TEST(zone, refuses_a_file_that_is_cut_anywhere) {
  SKIP_WITHOUT_ZONES();
  const std::string whole = *world::read_file("/usr/share/zoneinfo/Europe/Zurich");
  ASSERT_TRUE(parse_zone_file(whole).has_value());
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_zone_file(std::string_view(whole).substr(0, size)).has_value()) << size;
}

TEST(zone, survives_a_file_with_any_byte_changed) {
  SKIP_WITHOUT_ZONES();
  std::string bytes = *world::read_file("/usr/share/zoneinfo/Europe/Zurich");
  for (char& byte : bytes) {
    const char before = std::exchange(byte, static_cast<char>(byte ^ 0xff));
    (void)parse_zone_file(bytes);
    byte = before;
  }
}

TEST(zone_rule, reads_the_forms_of_days) {
  const auto changes = [](std::string_view text) {
    std::vector<std::string> shown;
    const auto rule = ZoneRule::parse(text);
    if (!rule) return std::vector<std::string>{"no rule"};
    for (const Offset& each : rule->changes(std::chrono::year(2028)))
      shown.push_back(concat(format_instant(each.from), " ", each.ahead.count()));
    return shown;
  };
  EXPECT_THAT(changes("CET-1CEST,M3.5.0,M10.5.0/3"),
              ElementsAre("2028-03-26T01:00:00.000Z 7200", "2028-10-29T01:00:00.000Z 3600"));
  EXPECT_THAT(changes("IST-1GMT0,M10.5.0,M3.5.0/1"),
              ElementsAre("2028-03-26T01:00:00.000Z 3600", "2028-10-29T01:00:00.000Z 0"));
  EXPECT_THAT(changes("<+0330>-3:30<+0430>,J80/0,264/-1"),
              ElementsAre("2028-03-20T20:30:00.000Z 16200", "2028-09-20T18:30:00.000Z 12600"));
  EXPECT_THAT(changes("<+01>-1"), testing::IsEmpty());
  for (const char* wrong :
       {"", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M1.1.1",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,J0,J5", "<+01-1", "CET-1x"})
    EXPECT_THAT(changes(wrong), ElementsAre("no rule")) << wrong;
}

TEST(timetable, skips_what_clocks_are_set_forward_over) {
  SKIP_WITHOUT_ZONES();
  EXPECT_THAT(next_of(timetable("cron(30 2 * * ? *)", "Europe/Zurich"), "2026-03-28T00:00:00Z", 3),
              ElementsAre("2026-03-28T01:30:00Z", "-2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"));
  EXPECT_THAT(
      next_of(timetable("cron(0/20 * * * ? *)", "Europe/Zurich"), "2026-03-29T00:30:00Z", 4),
      ElementsAre("2026-03-29T00:40:00Z", "-2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z",
                  "2026-03-29T01:20:00Z"));
}

TEST(timetable, is_due_once_where_clocks_show_a_time_twice) {
  SKIP_WITHOUT_ZONES();
  EXPECT_THAT(
      next_of(timetable("cron(30 1 * * ? *)", "America/New_York"), "2026-10-31T12:00:00Z", 2),
      ElementsAre("2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"));
  // Half past one comes again an hour later, and half past two only then.
  EXPECT_THAT(
      next_of(timetable("cron(30 * * * ? *)", "America/New_York"), "2026-11-01T05:31:00Z", 1),
      ElementsAre("2026-11-01T07:30:00Z"));
  EXPECT_THAT(
      next_of(timetable("cron(30 1 * * ? *)", "America/New_York"), "2026-11-01T06:10:00Z", 1),
      ElementsAre("2026-11-02T06:30:00Z"));
}

TEST(timetable, runs_a_single_time_that_does_not_exist_when_clocks_are_set) {
  SKIP_WITHOUT_ZONES();
  EXPECT_THAT(
      next_of(timetable("at(2026-03-29T02:30:00)", "Europe/Zurich"), "2026-01-01T00:00:00Z", 2),
      ElementsAre("2026-03-29T01:00:00Z"));
}

TEST(timetable, counts_a_day_of_a_rate_as_24_hours_whatever_clocks_do) {
  SKIP_WITHOUT_ZONES();
  EXPECT_THAT(next_of(timetable("rate(1 day)", "Europe/Zurich", "2026-03-28T12:00:00Z"),
                      "2026-03-28T12:00:00Z", 2),
              ElementsAre("2026-03-29T12:00:00Z", "2026-03-30T12:00:00Z"));
}

}  // namespace
}  // namespace pawl::schedules
