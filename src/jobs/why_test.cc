#include "jobs/why.h"

#include <gmock/gmock.h>

#include "jobs/testing_jobs.h"

namespace pawl::jobs {
namespace {

using json::Value;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class why_a_job : public ::testing::Test, public TestingJobs {
 protected:
  std::string reason(const std::string& id) const { return why(jobs, jobs.find(id)).reason; }
  std::string help(const std::string& id) const { return why(jobs, jobs.find(id)).help; }
  // So many vCPUs a child.
  static Value wanting(Value shown, int vcpus) {
    const Value container = shown["container"];
    return shown.with("container",
                      container.with("resourceRequirements", Value::array({requirement(vcpus)})));
  }
};

TEST_F(why_a_job, waits_names_the_job_that_it_depends_on_and_how_far_that_is) {
  add(shown("a", 3));
  add(shown("b").with("dependsOn", after("a")));
  schedule();
  start("a", 0);
  end("a", 0, 0);
  EXPECT_EQ(reason("b"), "it waits for what it depends on: job a (a) has 2 of 3 children left");
  EXPECT_EQ(help("b"), "`pawl batch why a` says why that waits");
}

TEST_F(why_a_job, waits_names_the_child_of_its_index) {
  add(shown("a", 3));
  add(shown("b", 3).with("dependsOn", after("a", "N_TO_N")));
  schedule();
  start("a", 2);
  EXPECT_EQ(reason("b:2"), "it waits for what it depends on: a:2 is RUNNING");
  EXPECT_EQ(help("b:2"), "") << "only time helps";
}

TEST_F(why_a_job, waits_names_the_child_before_it_in_a_sequence) {
  add(shown("a", 3).with("dependsOn", after("", "SEQUENTIAL")));
  EXPECT_EQ(reason("a:1"), "it waits for what it depends on: a:0 is RUNNABLE");
}

TEST_F(why_a_job, waits_counts_what_else_it_depends_on) {
  add(shown("a"));
  add(shown("b"));
  add(shown("c").with("dependsOn", Value::array({Value::object({{"jobId", "a"}}),
                                                 Value::object({{"jobId", "b"}})})));
  EXPECT_THAT(reason("c"), HasSubstr("a is RUNNABLE, and 1 other job has not succeeded"));
}

TEST_F(why_a_job, is_ready_tells_who_has_the_room_and_how_many_go_before_it) {
  add(wanting(shown("big"), 3));
  add(wanting(shown("next"), 2));
  add(wanting(shown("last"), 2));
  schedule();
  start("big");
  EXPECT_EQ(reason("last"),
            "it needs 2 vCPUs, and in compute environment e 3 of 4 vCPUs are in use by job big "
            "(big); 1 other is ready before it");
  EXPECT_EQ(help("last"), "wait for one of them to end, or raise maxvCpus of e");
  EXPECT_THAT(reason("next"), ::testing::Not(HasSubstr("before it")));
}

TEST_F(why_a_job, is_ready_tells_of_memory_as_well) {
  put(ResourceKind::environment,
      jobs.environment("e")->shown.with("tags", Value::object({{"pawl:memory-mib", "100"}})));
  const auto of_memory = [&](const std::string& id) {
    const Value value = shown(id);
    const Value memory = Value::object({{"type", "MEMORY"}, {"value", "60"}});
    return value.with("container", value["container"].with("resourceRequirements",
                                                           Value::array({requirement(1), memory})));
  };
  add(of_memory("a"));
  add(of_memory("b"));
  schedule();
  EXPECT_EQ(reason("b"),
            "it needs 1 vCPU and 60 MiB, and in compute environment e 60 of 100 MiB of memory are "
            "in use by job a (a)");
  EXPECT_EQ(help("b"), "wait for one of them to end, or raise the tag pawl:memory-mib of e");
}

TEST_F(why_a_job, is_ready_counts_those_of_a_queue_that_goes_first) {
  queue("first", {"e"}, 5);
  add(wanting(shown("big"), 4));
  add(shown("a"));
  schedule();
  add(shown("urgent", 3, "first"));
  schedule();
  EXPECT_THAT(reason("a"), HasSubstr("; 3 others are ready before it"));
  EXPECT_THAT(reason("urgent:0"), ::testing::Not(HasSubstr("before it")));
}

TEST_F(why_a_job, is_ready_never_says_that_more_is_in_use_than_there_is) {
  add(shown("short", 1000));
  schedule();
  for (int32_t index = 0; index < 4; ++index) {
    start("short", index);
    now += milliseconds(1);
    end("short", index, 0);
  }
  schedule();
  EXPECT_THAT(reason("short:999"), HasSubstr("4 of 4 vCPUs are in use by, or next in line for, "));
}

TEST_F(why_a_job, is_ready_tells_that_it_fits_nowhere) {
  add(wanting(shown("a"), 8));
  schedule();
  EXPECT_EQ(reason("a"),
            "it needs 8 vCPUs, more than any compute environment of queue q has: e has 4 vCPUs");
  EXPECT_THAT(help("a"), StartsWith("give one of them more"));
}

TEST_F(why_a_job, is_ready_tells_that_its_environment_is_disabled) {
  add(shown("a"));
  put(ResourceKind::environment, jobs.environment("e")->shown.with("state", "DISABLED"));
  schedule();
  EXPECT_EQ(reason("a"), "compute environment e of queue q is DISABLED");
  EXPECT_EQ(help("a"),
            "`aws batch update-compute-environment --compute-environment e --state ENABLED`");
}

TEST_F(why_a_job, is_ready_tells_what_its_executor_refuses) {
  add(shown("a"));
  schedule();
  jobs.not_started("a", {}, 1, now, "the cluster does not answer");
  EXPECT_EQ(reason("a"),
            "executor local of compute environment e starts nothing at the moment: the cluster "
            "does not answer");
}

TEST_F(why_a_job, is_queued_again_tells_how_the_attempt_before_ended) {
  add(shown("other", 4));
  add(shown("a").with("retryStrategy", retried(3)));
  schedule();
  end("other", 0, 0);
  schedule();
  start("a");
  end("a", {}, 7);
  EXPECT_THAT(reason("a"), StartsWith("attempt 1 of 3 ended with exit code 7, so it is queued "
                                      "again; "));
}

TEST_F(why_a_job, has_failed_tells_the_exit_code_and_how_to_run_it_again) {
  add(shown("a", 2));
  schedule();
  start("a", 1);
  end("a", 0, 0);
  end("a", 1, 3);
  EXPECT_EQ(reason("a:1"), "attempt 1 of 1 ended with exit code 3");
  EXPECT_EQ(help("a:1"),
            "`pawl batch logs a:1` shows what it wrote, `pawl batch retry a:1 --failed` runs it "
            "again");
  EXPECT_EQ(reason("a"),
            "1 child of 2 failed, the first is 1: attempt 1 of 1 ended with exit code 3");
  EXPECT_EQ(help("a"), "`pawl batch retry a --failed` runs only those again");
}

TEST_F(why_a_job, has_failed_tells_whose_failure_it_was) {
  add(shown("a"));
  add(shown("b").with("dependsOn", after("a")));
  schedule();
  end("a", {}, 1);
  EXPECT_THAT(reason("b"), StartsWith("Dependent Job failed: a"));
}

TEST_F(why_a_job, has_failed_names_its_own_failures_first_and_what_helps_the_others) {
  add(shown("one", 4));
  add(shown("two", 4).with("dependsOn", after("one", "N_TO_N")));
  schedule();
  end("one", 0, 9);
  for (int32_t index = 1; index < 4; ++index) end("one", index, 0);
  schedule();
  end("two", 1, 0);
  end("two", 2, 75);
  end("two", 3, 75);
  EXPECT_EQ(reason("two"),
            "3 children of 4 failed: 2 ended with exit code 75, 1 because what they depend on "
            "failed; the first by itself is 2: attempt 1 of 1 ended with exit code 75");
  EXPECT_EQ(help("two"),
            "`pawl batch retry two --failed` runs only those again, and `pawl batch retry one "
            "--failed` runs what the others depend on again, and then them");
  EXPECT_EQ(help("two:0"),
            "`pawl batch retry one:0 --failed` runs that one again, and then this one");
}

TEST_F(why_a_job, has_failed_for_another_only_says_to_run_that_one_again) {
  add(shown("one", 2));
  add(shown("two", 2).with("dependsOn", after("one", "N_TO_N")));
  add(shown("three").with("dependsOn", after("two")));
  schedule();
  end("one", 0, 9);
  end("one", 1, 0);
  schedule();
  end("two", 1, 0);
  EXPECT_THAT(reason("two"), StartsWith("1 child of 2 failed, the first is 0: Dependent Job"));
  EXPECT_EQ(help("two"),
            "`pawl batch retry one --failed` runs what they depend on again, and then them");
  EXPECT_EQ(help("three"),
            "`pawl batch retry one:0 --failed` runs that one again, and then this one");
  const auto refused = jobs.retry_failed("two", now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::conflict);
  EXPECT_EQ(refused.error().hint(),
            "`pawl batch retry one:0 --failed` runs that one again, and then this one.");
}

TEST_F(why_a_job, has_failed_of_a_limit_that_a_retry_has_too_says_so) {
  add(shown("slow").with("timeout", json::Value::object({{"attemptDurationSeconds", 60}})));
  add(shown("large", 2));
  schedule();
  start("slow");
  now += seconds(61);
  jobs.pass_time(now);
  end("slow", {}, 143);
  jobs.ended("large", 1, 1, now,
             {.exit_code = 137, .reason = "OutOfMemoryError: too much", .status_reason = {}});
  end("large", 0, 0);
  EXPECT_THAT(help("slow"), HasSubstr("submit it again with a longer one (--time-limit"));
  EXPECT_THAT(help("large:1"), HasSubstr("submit it again with more (--memory"));
  EXPECT_THAT(help("large"), HasSubstr("submit it again with more (--memory"));
  EXPECT_THAT(help("large"), Not(HasSubstr("pawl batch retry")));
}

TEST_F(why_a_job, has_failed_says_what_a_shell_means_by_127) {
  add(shown("a", 2));
  schedule();
  end("a", 0, 127);
  jobs.ended("a", 1, 1, now,
             {.exit_code = 127, .reason = "cannot run x: not in PATH", .status_reason = {}});
  EXPECT_EQ(reason("a:0"),
            "attempt 1 of 1 ended with exit code 127, which is a shell's for a program that is not "
            "found");
  EXPECT_EQ(reason("a:1"), "attempt 1 of 1 ended with exit code 127, cannot run x: not in PATH");
  EXPECT_EQ(help("a:1"), "`pawl batch retry a:1 --failed` runs it again") << "it wrote nothing";
}

TEST_F(why_a_job, that_runs_again_is_not_retried_and_the_refusal_says_how_it_stands) {
  add(shown("a"));
  schedule();
  end("a", {}, 1);
  ASSERT_TRUE(jobs.retry_failed("a", now));
  schedule();
  start("a", {}, 2);
  EXPECT_THAT(jobs.retry_failed("a", now).error().message(),
              HasSubstr("has not failed: it is RUNNING"));
}

TEST_F(why_a_job, was_ended_by_hand_tells_the_reason_that_was_given) {
  add(shown("a"));
  add(shown("b"));
  schedule();
  start("a");
  jobs.terminate("a", "not needed", now);
  end("a", {}, 143);
  EXPECT_EQ(reason("a"), "it was terminated: not needed");
}

TEST_F(why_a_job, waits_as_an_array_tells_of_its_first_child_that_does) {
  add(shown("a", 6));
  schedule();
  for (int32_t index = 0; index < 4; ++index) start("a", index);
  EXPECT_THAT(reason("a"),
              StartsWith("2 children of 6 are RUNNABLE, the first is 4: it needs 1 vCPU, and in "
                         "compute environment e 4 of 4 vCPUs are in use by 4 children of job a"));
}

}  // namespace
}  // namespace pawl::jobs
