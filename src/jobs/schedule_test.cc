#include <gmock/gmock.h>

#include "jobs/testing_jobs.h"

namespace pawl::jobs {
namespace {

using ::testing::ElementsAre;

class a_queue_of_two_environments : public ::testing::Test, public TestingJobs {
 protected:
  // By their names the second would come first.
  a_queue_of_two_environments() {
    environment("z", 1);
    environment("a", 1);
    queue("zq", {"z", "a"});
  }
  std::string place_of(const std::string& id) const { return child(id).environment; }
};

TEST_F(a_queue_of_two_environments, fills_them_in_its_order) {
  for (const char* id : {"1", "2", "3"}) add(shown(id, 0, "zq"));
  EXPECT_THAT(schedule(), ElementsAre("1#1", "2#1"));
  EXPECT_EQ(place_of("1"), "z");
  EXPECT_EQ(place_of("2"), "a");
  end("1", {}, 0);
  EXPECT_THAT(schedule(), ElementsAre("ended 1", "3#1"));
  EXPECT_EQ(place_of("3"), "z");
}

TEST_F(a_queue_of_two_environments, goes_past_one_that_is_too_small) {
  const auto large = shown("large", 0, "zq");
  environment("a", 2);
  add(large.with("container", large["container"].with("resourceRequirements",
                                                      json::Value::array({requirement(2)}))));
  schedule();
  EXPECT_EQ(place_of("large"), "a");
}

TEST_F(a_queue_of_two_environments, goes_past_one_whose_executor_starts_nothing) {
  add(shown("1", 0, "zq"));
  schedule();
  jobs.not_started("1", {}, 1, now, "no space left");
  schedule();
  EXPECT_EQ(place_of("1"), "a");
}

TEST_F(a_queue_of_two_environments, takes_room_in_the_second_before_a_place_in_line_in_the_first) {
  add(shown("short", 3, "zq"));
  for (const int32_t index : {0, 1}) {
    schedule();
    start("short", index);
    now += milliseconds(1);
    end("short", index, 0);
  }
  EXPECT_GT(jobs.find("short").job->seconds_of_attempt, 0);
  schedule();
  ASSERT_EQ(child("short", 2).environment, "z");
  add(shown("next", 0, "zq"));
  schedule();
  EXPECT_EQ(place_of("next"), "a");
}

TEST_F(a_queue_of_two_environments, leaves_the_one_that_it_waits_for_to_nobody_of_lower_priority) {
  queue("low", {"a"}, 0);
  for (const char* id : {"1", "2", "3"}) add(shown(id, 0, "zq"));
  add(shown("low", 0, "low"));
  EXPECT_THAT(schedule(), ElementsAre("1#1", "2#1"));
  end("2", {}, 0);
  EXPECT_THAT(schedule(), ElementsAre("ended 2", "3#1"));
  EXPECT_EQ(place_of("3"), "a");
}

}  // namespace
}  // namespace pawl::jobs
