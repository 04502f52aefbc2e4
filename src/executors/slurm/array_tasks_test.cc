#include "executors/slurm/array_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl::executors {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

TEST(array_tasks, are_written_as_ranges) {
  EXPECT_EQ(format_tasks({0, 1, 2, 5, 7, 8}), "0-2,5,7-8");
  EXPECT_EQ(format_tasks({4}), "4");
  EXPECT_EQ(format_tasks({}), "");
}

TEST(array_tasks, are_read_in_every_form_that_slurm_lists) {
  EXPECT_THAT(parse_tasks("0-2,5,7-8"), Optional(ElementsAre(0, 1, 2, 5, 7, 8)));
  EXPECT_THAT(parse_tasks("0-8:4%2"), Optional(ElementsAre(0, 4, 8)));
  EXPECT_THAT(parse_tasks("17"), Optional(ElementsAre(17)));
}

TEST(array_tasks, are_not_guessed) {
  for (const char* text : {"", "N/A", "1-", "-1", "3-1", "1,,2", "0-4:0", "0-3...", "0-99999999"})
    EXPECT_EQ(parse_tasks(text), std::nullopt) << text;
}

}  // namespace
}  // namespace pawl::executors
