#include "executors/slurm/sighting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl::executors {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(sighting, tells_which_tasks_of_which_submission_are_in_what_state) {
  const auto sighting = parse_sighting("pawl:a.1.0.7|12|3,5-6|PENDING Dependency");
  ASSERT_TRUE(sighting);
  EXPECT_EQ(sighting->submission, "a.1.0.7");
  EXPECT_EQ(sighting->slurm_job, 12);
  EXPECT_THAT(sighting->tasks, ElementsAre(3, 5, 6));
  EXPECT_EQ(sighting->state, State::active);
}

TEST(sighting, of_a_job_that_is_no_array_has_no_tasks) {
  const auto sighting = parse_sighting("pawl:a|12|N/A|COMPLETED None");
  ASSERT_TRUE(sighting);
  EXPECT_THAT(sighting->tasks, IsEmpty());
  EXPECT_EQ(sighting->state, State::completed);
}

TEST(sighting, takes_only_states_for_an_end_that_are_one) {
  const std::pair<const char*, State> rows[] = {
      {"RUNNING None", State::active},
      {"COMPLETING None", State::active},
      {"SUSPENDED None", State::active},
      {"A_STATE_OF_LATER DependencyNeverSatisfied", State::active},
      {"PENDING DependencyNeverSatisfied", State::never_satisfied},
      {"CANCELLED DependencyNeverSatisfied", State::cancelled},
      {"FAILED NonZeroExitCode", State::failed},
      {"TIMEOUT TimeLimit", State::time_limit},
      {"NODE_FAIL None", State::host_lost},
      {"PREEMPTED None", State::host_lost},
      {"BOOT_FAIL None", State::host_lost},
      {"OUT_OF_MEMORY OutOfMemory", State::out_of_memory},
  };
  for (const auto& [words, state] : rows) {
    const auto sighting = parse_sighting(std::string("pawl:a|1|0|") + words);
    ASSERT_TRUE(sighting) << words;
    EXPECT_EQ(sighting->state, state) << words;
  }
}

TEST(sighting, leaves_the_jobs_of_others_alone) {
  for (const char* line : {"", "(null)|3|N/A|RUNNING None", "pawl:a|x|0|RUNNING None",
                           "pawl:a|1|0-|RUNNING None", "pawl:a|1|0", "pawl:a|b|1|0|RUNNING None"})
    EXPECT_FALSE(parse_sighting(line)) << line;
}

}  // namespace
}  // namespace pawl::executors
