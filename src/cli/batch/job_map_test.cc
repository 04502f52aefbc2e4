#include "cli/batch/job_map.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "json/parse.h"

namespace pawl::cli {
namespace {

JobPicture picture(std::string_view name, std::string_view letters) {
  return JobPicture(json::Value::object({{"jobId", "id"},
                                         {"jobName", name},
                                         {"status", "PENDING"},
                                         {"createdAt", 0},
                                         {"letters", letters}}));
}

Terminal terminal_of(int columns, int rows) {
  return Terminal({.has_unicode = false, .columns = columns, .rows = rows});
}

TEST(a_map_of_children, has_a_cell_for_each_where_they_fit) {
  EXPECT_EQ(cells_of("DDFRQP", 6), "DDFRQP");
  EXPECT_EQ(cells_of("", 6), "");
}

TEST(a_map_of_children, shows_of_several_in_a_cell_what_most_wants_to_be_seen) {
  EXPECT_EQ(cells_of("DDFRQPPPDD", 5), "DFQPD");
  EXPECT_EQ(cells_of("DDDDDDDFDD", 3), "DFD");
}

TEST(a_map_of_children, says_done_only_where_all_of_a_cell_are) {
  EXPECT_EQ(cells_of("DPDD", 2), "PD");
}

TEST(a_map_of_children, of_10000_fits_the_terminal) {
  const auto lines = draw({picture("large", std::string(10'000, 'D'))}, {RateMeter()},
                          terminal_of(80, 24), Instant());
  EXPECT_LE(lines.size(), 23u);
  for (const std::string& line : lines) EXPECT_LE(display_width(line), 80u);
  EXPECT_NE(lines.back().find("###"), std::string::npos);
}

TEST(maps_of_jobs, stand_side_by_side_as_long_as_they_are_not_too_narrow) {
  const std::vector<JobPicture> jobs = {picture("one", "DDDD"), picture("two", "DFPP"),
                                        picture("three", "PPPP")};
  const std::vector<RateMeter> meters(3);
  const auto wide = draw(jobs, meters, terminal_of(80, 24), Instant());
  EXPECT_EQ(wide[0].substr(0, 3), "one");
  EXPECT_NE(wide[0].find("two"), std::string::npos);
  EXPECT_NE(wide[0].find("three"), std::string::npos);
  EXPECT_NE(wide.back().find("#X.."), std::string::npos);
  const auto narrow = draw(jobs, meters, terminal_of(30, 40), Instant());
  EXPECT_EQ(narrow[0].find("two"), std::string::npos);
  EXPECT_GT(narrow.size(), wide.size());
}

TEST(maps_of_jobs, never_are_longer_than_the_terminal) {
  const std::vector<JobPicture> jobs(20, picture("j", std::string(100, 'P')));
  const auto lines = draw(jobs, std::vector<RateMeter>(20), terminal_of(30, 24), Instant());
  EXPECT_LE(lines.size(), 23u);
}

TEST(a_line_of_a_job, counts_what_is_there) {
  EXPECT_EQ(line_of(picture("two", "DFRP")),
            "two id  PENDING  2 of 4 ended, 1 failed, 1 running, 1 waiting");
}

TEST(a_line_of_a_job, counts_as_running_only_what_runs) {
  EXPECT_EQ(line_of(picture("two", "RRSSSQ")),
            "two id  PENDING  0 of 6 ended, 2 running, 3 starting, 1 ready");
  std::string drawn;
  for (const std::string& line :
       draw({picture("two", "RRSSSQ")}, {RateMeter()}, terminal_of(80, 24), Instant()))
    drawn += line + "\n";
  EXPECT_NE(drawn.find("run 2  start 3  ready 1"), drawn.npos) << drawn;
}

}  // namespace
}  // namespace pawl::cli
