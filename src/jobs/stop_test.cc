#include <gmock/gmock.h>

#include "jobs/describe.h"
#include "jobs/testing_jobs.h"
#include "jobs/why.h"

namespace pawl::jobs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class a_job_with_three_attempts : public ::testing::Test, public TestingJobs {
 protected:
  void add_tried(const std::string& id, int size = 0) {
    add(shown(id, size).with("retryStrategy", retried(3)));
    schedule();
  }
};

TEST_F(a_job_with_three_attempts, has_no_other_once_it_is_terminated) {
  add_tried("a");
  start("a");
  jobs.terminate("a", "enough", now);
  end("a", {}, 143);
  EXPECT_EQ(statuses("a"), "FAILED");
  EXPECT_EQ(child("a").reason, "enough");
}

TEST_F(a_job_with_three_attempts, has_no_other_when_its_host_is_lost_while_it_is_terminated) {
  add_tried("a", 2);
  start("a", 0);
  jobs.terminate("a:0", "enough", now);
  jobs.ended("a", 0, 1, now, {.exit_code = {}, .reason = {}, .status_reason = "Host EC2 (x)"});
  EXPECT_EQ(statuses("a"), "PENDING FAILED STARTING");
}

TEST_F(a_job_with_three_attempts, knows_nothing_of_a_cancellation_while_it_runs) {
  add_tried("a");
  start("a");
  jobs.cancel("a", "late", now);
  EXPECT_THAT(effects(), IsEmpty());
  EXPECT_EQ(described(jobs.find("a"))["isCancelled"], false);
  end("a", {}, 1);
  EXPECT_EQ(statuses("a"), "RUNNABLE");
  jobs.cancel("a", "late", now);
  EXPECT_EQ(statuses("a"), "FAILED");
}

TEST_F(a_job_with_three_attempts, lets_the_children_that_run_end_and_tries_none_again) {
  add_tried("a", 3);
  start("a", 0);
  start("a", 1);
  jobs.cancel("a", "not needed", now);
  EXPECT_EQ(statuses("a"), "PENDING RUNNING RUNNING STARTING");
  end("a", 0, 0);
  end("a", 1, 1);
  jobs.not_started("a", 2, 1, now, "no space left");
  EXPECT_EQ(statuses("a"), "FAILED SUCCEEDED FAILED FAILED");
  EXPECT_THAT(why(jobs, jobs.find("a:1")).reason, HasSubstr("1 of 3 ended with exit code 1, and"));
  EXPECT_THAT(why(jobs, jobs.find("a:2")).reason, HasSubstr("cancelled: not needed"));
  EXPECT_THAT(schedule(), ElementsAre("ended a"));
}

TEST_F(a_job_with_three_attempts, has_them_again_when_it_is_retried_by_hand) {
  add_tried("a", 2);
  jobs.cancel("a", "not needed", now);
  for (const int32_t index : {0, 1}) end("a", index, 1);
  ASSERT_TRUE(jobs.retry_failed("a", now).has_value());
  schedule();
  end("a", 0, 1, 2);
  EXPECT_EQ(statuses("a"), "PENDING RUNNABLE STARTING");
}

}  // namespace
}  // namespace pawl::jobs
