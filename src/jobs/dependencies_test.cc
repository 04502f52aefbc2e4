#include <gmock/gmock.h>

#include "jobs/testing_jobs.h"

namespace pawl::jobs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class a_dependency : public ::testing::Test, public TestingJobs {};

TEST_F(a_dependency, that_has_failed_is_kept_while_a_retry_would_look_at_it) {
  add(shown("a", 2));
  add(shown("b", 2).with("dependsOn", after("a", "N_TO_N")));
  schedule();
  end("a", 0, 1);
  end("a", 1, 0);
  schedule();
  now += hours(24 * 8);
  end("b", 1, 0);
  EXPECT_EQ(statuses("b"), "FAILED FAILED SUCCEEDED");
  jobs.forget_ended(now - hours(24 * 7));
  const auto retried = jobs.retry_failed("b", now);
  ASSERT_FALSE(retried.has_value()) << "b:0 ran without a:0";
  EXPECT_THAT(retried.error().message(), HasSubstr("Dependent Job failed: a:0"));
}

TEST_F(a_dependency, is_forgotten_together_with_all_that_come_after_it) {
  add(shown("a"));
  add(shown("b").with("dependsOn", after("a")));
  add(shown("c").with("dependsOn", after("b")));
  schedule();
  end("a", {}, 1);
  EXPECT_EQ(statuses("c"), "FAILED");
  jobs.forget_ended(now + seconds(1));
  EXPECT_THAT(jobs.all(), IsEmpty());
}

TEST_F(a_dependency, that_has_ended_is_kept_while_somebody_waits_for_it) {
  add(shown("a"));
  schedule();
  end("a", {}, 0);
  jobs.forget_ended(now + seconds(1), {jobs.find("a").job->number});
  EXPECT_NE(jobs.find("a").job, nullptr);
  jobs.forget_ended(now + seconds(1));
  EXPECT_EQ(jobs.find("a").job, nullptr);
}

TEST(a_dependency_in_an_executor_that_gates, may_be_retried_while_who_waits_for_it_is_stopped) {
  TestingJobs jobs(4, true);
  jobs.add(TestingJobs::shown("a", 2));
  jobs.add(TestingJobs::shown("b", 2).with("dependsOn", TestingJobs::after("a", "N_TO_N")));
  jobs.schedule();
  jobs.add(TestingJobs::shown("c", 2).with("dependsOn", TestingJobs::after("a", "N_TO_N")));
  EXPECT_THAT(jobs.schedule(), ElementsAre("c:0#1 after a", "c:1#1 after a"));
  jobs.end("a", 1, 1);
  EXPECT_THAT(jobs.effects(), ElementsAre("stop c:1#1"));
  ASSERT_TRUE(jobs.jobs.retry_failed("a", jobs.now).has_value());
  jobs.jobs.not_started("c", 1, 1, jobs.now, "stopped");
  EXPECT_EQ(jobs.statuses("c"), "PENDING PENDING PENDING");
  jobs.schedule();
  jobs.end("a", 1, 0, 2);
  EXPECT_EQ(jobs.statuses("c"), "PENDING PENDING RUNNABLE");
}

}  // namespace
}  // namespace pawl::jobs
