#include "world/repeated_lines.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace pawl::world {
namespace {

const RepeatedLines::Moment start;

TEST(repeated_lines, are_written_once_in_an_interval_with_the_number_of_those_between) {
  RepeatedLines lines(minutes(1));
  EXPECT_EQ(lines.admit("a", start), 0u);
  for (int second = 1; second < 60; ++second)
    EXPECT_EQ(lines.admit("a", start + seconds(second)), std::nullopt);
  EXPECT_EQ(lines.admit("b", start + seconds(59)), 0u);
  EXPECT_EQ(lines.admit("a", start + seconds(60)), 59u);
  EXPECT_EQ(lines.admit("a", start + seconds(61)), std::nullopt);
  EXPECT_EQ(lines.admit("a", start + hours(1)), 1u);
}

TEST(repeated_lines, are_not_remembered_without_end) {
  RepeatedLines lines(minutes(1));
  EXPECT_EQ(lines.admit("first", start), 0u);
  for (int other = 0; other < 1000; ++other) EXPECT_EQ(lines.admit(concat(other), start), 0u);
  EXPECT_EQ(lines.admit("first", start), 0u);
}

}  // namespace
}  // namespace pawl::world
