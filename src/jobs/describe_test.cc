#include "jobs/describe.h"

#include <gmock/gmock.h>

#include "jobs/testing_jobs.h"

namespace pawl::jobs {
namespace {

using json::Value;

class a_job : public ::testing::Test, public TestingJobs {
 protected:
  Value shown_of(const std::string& id) const { return described(jobs.find(id)); }
};

TEST_F(a_job, that_has_run_shows_its_attempts_and_the_last_ones_end) {
  add(shown("a").with("retryStrategy", retried(2)).with("clientToken", "secret"));
  schedule();
  start("a");
  end("a", {}, 9);
  now += seconds(2);
  schedule();
  jobs.started("a", {}, 2, now, "here");
  end("a", {}, 0, 2);
  const Value job = shown_of("a");
  EXPECT_EQ(job["status"], "SUCCEEDED");
  EXPECT_EQ(job["startedAt"], 1'002'000);
  ASSERT_EQ(job["attempts"].size(), 2u);
  EXPECT_EQ(job["attempts"].elements()[0]["container"]["exitCode"], 9);
  EXPECT_EQ(job["container"]["exitCode"], 0);
  EXPECT_EQ(job["container"]["logStreamName"], "a/job.2");
  EXPECT_EQ(job.find("clientToken"), nullptr) << "it is nobody's business";
}

TEST_F(a_job, that_waits_for_its_next_attempt_has_not_begun_nor_stopped) {
  add(shown("a").with("retryStrategy", retried(2)));
  schedule();
  start("a");
  end("a", {}, 9);
  const Value job = shown_of("a");
  EXPECT_EQ(job["status"], "RUNNABLE");
  EXPECT_EQ(job.find("startedAt"), nullptr);
  EXPECT_EQ(job.find("stoppedAt"), nullptr);
  EXPECT_EQ(job["attempts"].size(), 1u);
}

TEST_F(a_job, that_is_an_array_counts_its_children) {
  add(shown("a", 3));
  schedule();
  start("a", 0);
  end("a", 1, 0);
  const Value summary = shown_of("a")["arrayProperties"]["statusSummary"];
  EXPECT_EQ(summary["RUNNING"], 1);
  EXPECT_EQ(summary["SUCCEEDED"], 1);
  EXPECT_EQ(summary["STARTING"], 1);
  EXPECT_EQ(summary["FAILED"], 0);
  EXPECT_EQ(status_letters(*jobs.find("a").job), "RDS");
}

TEST_F(a_job, that_is_a_child_has_its_own_id_and_the_child_that_it_waits_for) {
  add(shown("a", 2).with("jobArn", "arn:a"));
  add(shown("b", 2).with("jobArn", "arn:b").with("dependsOn", after("a", "N_TO_N")));
  const Value child = shown_of("b:1");
  EXPECT_EQ(child["jobId"], "b:1");
  EXPECT_EQ(child["jobArn"], "arn:b:1");
  EXPECT_EQ(child["arrayProperties"]["index"], 1);
  EXPECT_EQ(child["dependsOn"].elements()[0]["jobId"], "a:1");
  EXPECT_EQ(shown_of("b")["dependsOn"].elements()[0]["jobId"], "a");
}

TEST_F(a_job, that_was_stopped_says_how) {
  add(shown("a"));
  add(shown("b"));
  jobs.cancel("a", "late", now);
  jobs.terminate("b", "wrong", now);
  EXPECT_EQ(shown_of("a")["isCancelled"], true);
  EXPECT_EQ(shown_of("a")["isTerminated"], false);
  EXPECT_EQ(shown_of("b")["isTerminated"], true);
  EXPECT_EQ(shown_of("b")["statusReason"], "wrong");
}

TEST_F(a_job, that_runs_again_by_hand_is_not_stopped_any_more) {
  add(shown("a"));
  jobs.cancel("a", "late", now);
  ASSERT_TRUE(jobs.retry_failed("a", now).has_value());
  EXPECT_EQ(shown_of("a")["isCancelled"], false);
}

TEST_F(a_job, in_a_list_has_the_exit_code_and_no_attempts) {
  add(shown("a"));
  schedule();
  end("a", {}, 4);
  const Value row = summary(jobs.find("a"));
  EXPECT_EQ(row["container"]["exitCode"], 4);
  EXPECT_EQ(row.find("attempts"), nullptr);
}

TEST_F(a_job, in_an_environment_makes_it_want_what_is_in_use_within_its_bounds) {
  put(ResourceKind::environment,
      jobs.environment("e")->shown.with("computeResources",
                                        Value::object({{"minvCpus", 1}, {"maxvCpus", 3}})));
  const auto wanted = [&] {
    return described(jobs, *jobs.environment("e"))["computeResources"]["desiredvCpus"].integer();
  };
  EXPECT_EQ(wanted(), 1);
  add(shown("a", 5));
  schedule();
  EXPECT_EQ(wanted(), 3);
}

}  // namespace
}  // namespace pawl::jobs
