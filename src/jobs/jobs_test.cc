#include <gmock/gmock.h>

#include "jobs/testing_jobs.h"
#include "json/parse.h"

namespace pawl::jobs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(jobs, runs_a_job_once_from_submission_to_success) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a"));
  EXPECT_EQ(jobs.statuses("a"), "RUNNABLE");
  EXPECT_THAT(jobs.schedule(), ElementsAre("a#1"));
  EXPECT_EQ(jobs.statuses("a"), "STARTING");
  jobs.start("a");
  EXPECT_EQ(jobs.statuses("a"), "RUNNING");
  jobs.end("a", {}, 0);
  EXPECT_EQ(jobs.statuses("a"), "SUCCEEDED");
  EXPECT_THAT(jobs.schedule(), ElementsAre("ended a"));
  EXPECT_EQ(jobs.jobs.vcpus_used("e"), 0);
}

TEST(jobs, takes_a_submission_with_a_known_token_for_the_same) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a").with("clientToken", "t"));
  EXPECT_EQ(jobs.submit(TestingJobs::shown("b").with("clientToken", "t")).value(), "a");
  EXPECT_EQ(jobs.jobs.all().size(), 1U);
}

TEST(jobs, gives_each_index_its_own_dependency_in_n_to_n) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a", 3));
  jobs.add(TestingJobs::shown("b", 3).with("dependsOn", TestingJobs::after("a", "N_TO_N")));
  EXPECT_THAT(jobs.schedule(), ElementsAre("a:0#1", "a:1#1", "a:2#1"));
  jobs.end("a", 1, 0);
  EXPECT_EQ(jobs.statuses("b"), "PENDING PENDING RUNNABLE PENDING");
  EXPECT_THAT(jobs.schedule(), ElementsAre("b:1#1"));
  jobs.end("a", 0, 3);
  jobs.end("a", 2, 0);
  EXPECT_EQ(jobs.statuses("a"), "FAILED FAILED SUCCEEDED SUCCEEDED");
  EXPECT_EQ(jobs.statuses("b"), "PENDING FAILED STARTING RUNNABLE");
  EXPECT_THAT(jobs.child("b", 0).reason, HasSubstr("Dependent Job failed: a:0"));
  EXPECT_EQ(jobs.child("b", 0).failing, Failing::dependency);
}

TEST(jobs, holds_a_plain_dependency_until_the_whole_array_has_succeeded) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a", 2));
  jobs.add(TestingJobs::shown("b", 2).with("dependsOn", TestingJobs::after("a")));
  jobs.schedule();
  jobs.end("a", 0, 0);
  EXPECT_EQ(jobs.statuses("b"), "PENDING PENDING PENDING");
  jobs.end("a", 1, 0);
  EXPECT_EQ(jobs.statuses("b"), "PENDING RUNNABLE RUNNABLE");
}

TEST(jobs, runs_a_sequence_one_after_another_and_fails_its_rest) {
  TestingJobs jobs;
  const auto one_by_one = json::Value::array({json::Value::object({{"type", "SEQUENTIAL"}})});
  jobs.add(TestingJobs::shown("a", 4).with("dependsOn", one_by_one));
  EXPECT_THAT(jobs.schedule(), ElementsAre("a:0#1"));
  jobs.end("a", 0, 0);
  EXPECT_THAT(jobs.schedule(), ElementsAre("a:1#1"));
  jobs.end("a", 1, 1);
  EXPECT_EQ(jobs.statuses("a"), "FAILED SUCCEEDED FAILED FAILED FAILED");
}

TEST(jobs, fails_a_sequence_of_ten_thousand_without_running_out_of_stack) {
  TestingJobs jobs;
  const auto one_by_one = json::Value::array({json::Value::object({{"type", "SEQUENTIAL"}})});
  jobs.add(TestingJobs::shown("a", 10'000).with("dependsOn", one_by_one));
  jobs.schedule();
  jobs.end("a", 0, 1);
  EXPECT_EQ(jobs.jobs.find("a").job->count(Status::failed), 10'000);
}

TEST(jobs, fails_at_once_what_depends_on_what_has_failed) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a"));
  jobs.schedule();
  jobs.end("a", {}, 1);
  jobs.add(TestingJobs::shown("b").with("dependsOn", TestingJobs::after("a")));
  EXPECT_EQ(jobs.statuses("b"), "FAILED");
}

TEST(jobs, refuses_dependencies_that_can_never_be_met) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a", 3));
  const auto refusal = [&](const json::Value& job) { return jobs.submit(job).error().message(); };
  EXPECT_THAT(refusal(TestingJobs::shown("b").with("dependsOn", TestingJobs::after("none"))),
              HasSubstr("Job none does not exist"));
  EXPECT_THAT(
      refusal(TestingJobs::shown("b", 4).with("dependsOn", TestingJobs::after("a", "N_TO_N"))),
      HasSubstr("same size"));
  EXPECT_THAT(refusal(TestingJobs::shown("b").with("dependsOn", TestingJobs::after("a:3"))),
              HasSubstr("has no child 3"));
  EXPECT_THAT(refusal(TestingJobs::shown("b", 0, "other")), HasSubstr("JobQueue other not found"));
}

TEST(jobs, holds_an_environment_to_its_vcpus) {
  TestingJobs jobs(2);
  jobs.add(TestingJobs::shown("a", 5));
  EXPECT_THAT(jobs.schedule(), ElementsAre("a:0#1", "a:1#1"));
  EXPECT_EQ(jobs.jobs.vcpus_used("e"), 2);
  EXPECT_THAT(jobs.schedule(), IsEmpty());
  jobs.end("a", 1, 0);
  EXPECT_THAT(jobs.schedule(), ElementsAre("a:2#1"));
}

TEST(jobs, hands_some_over_in_advance_only_where_they_are_short) {
  const auto handed_after = [](Duration took) {
    TestingJobs jobs(1);
    jobs.add(TestingJobs::shown("a", 100));
    jobs.schedule();
    jobs.start("a", 0);
    jobs.now += took;
    jobs.end("a", 0, 0);
    return jobs.schedule().size();
  };
  EXPECT_EQ(handed_after(seconds(10)), 1U);
  EXPECT_GT(handed_after(milliseconds(1)), 10U);
}

TEST(jobs, hands_nothing_over_in_advance_past_a_queue_of_higher_priority) {
  TestingJobs jobs(1);
  jobs.queue("urgent", {"e"}, 10);
  jobs.add(TestingJobs::shown("a", 100));
  jobs.add(
      TestingJobs::shown("b", 100, "urgent").with("dependsOn", TestingJobs::after("a", "N_TO_N")));
  jobs.schedule();
  jobs.start("a", 0);
  jobs.now += milliseconds(1);
  jobs.end("a", 0, 0);
  ASSERT_THAT(jobs.schedule(), testing::Contains("b:0#1"));
  // Now the second of b may run, and nobody knows yet how long those last: it waits until there is
  // room, and none of a comes before it.
  jobs.end("a", 1, 0);
  EXPECT_THAT(jobs.schedule(), IsEmpty());
}

TEST(jobs, serves_the_queue_of_the_higher_priority_first) {
  TestingJobs jobs(2);
  jobs.queue("urgent", {"e"}, 10);
  jobs.add(TestingJobs::shown("a", 3));
  jobs.add(TestingJobs::shown("b", 3, "urgent"));
  EXPECT_THAT(jobs.schedule(), ElementsAre("b:0#1", "b:1#1"));
}

TEST(jobs, shares_an_environment_evenly_between_queues_of_one_priority) {
  TestingJobs jobs(4);
  jobs.queue("p", {"e"});
  jobs.add(TestingJobs::shown("a", 5));
  jobs.add(TestingJobs::shown("b", 5, "p"));
  EXPECT_THAT(jobs.schedule(), testing::UnorderedElementsAre("a:0#1", "a:1#1", "b:0#1", "b:1#1"));
}

TEST(jobs, loses_the_overlap_in_a_shared_queue_and_keeps_it_in_separate_ones) {
  const auto second_starts_early = [](bool is_shared) {
    TestingJobs jobs(1);
    jobs.environment("f", 1);
    jobs.queue("second", {"f"});
    jobs.add(TestingJobs::shown("a", 3));
    jobs.add(TestingJobs::shown("b", 3, is_shared ? "q" : "second")
                 .with("dependsOn", TestingJobs::after("a", "N_TO_N")));
    jobs.schedule();
    jobs.end("a", 0, 0);
    const auto next = jobs.schedule();
    return std::ranges::find(next, "b:0#1") != next.end();
  };
  EXPECT_FALSE(second_starts_early(true));
  EXPECT_TRUE(second_starts_early(false));
}

TEST(jobs, gives_the_share_that_uses_least_the_next_place) {
  TestingJobs jobs(4);
  jobs.put(ResourceKind::policy, json::Value::object({{"arn", "fair"}, {"name", "fair"}}));
  jobs.queue("q", {"e"}, 1, "fair");
  jobs.add(TestingJobs::shown("a", 9).with("shareIdentifier", "blue"));
  jobs.add(TestingJobs::shown("b", 9).with("shareIdentifier", "red"));
  EXPECT_THAT(jobs.schedule(), testing::UnorderedElementsAre("a:0#1", "a:1#1", "b:0#1", "b:1#1"));
}

TEST(jobs, gives_shares_their_turns_by_weight_also_one_at_a_time) {
  TestingJobs jobs(1);
  jobs.put(ResourceKind::policy,
           json::parse(R"({"arn": "fair", "name": "fair", "fairsharePolicy": {"shareDistribution":
             [{"shareIdentifier": "red", "weightFactor": 0.5}]}})")
               .value());
  jobs.queue("q", {"e"}, 1, "fair");
  jobs.add(TestingJobs::shown("a", 9).with("shareIdentifier", "blue"));
  jobs.add(TestingJobs::shown("b", 9).with("shareIdentifier", "red"));
  std::string order;
  for (int i = 0; i < 9; ++i) {
    const std::string next = jobs.schedule().front();
    order += next.front();
    const auto colon = next.find(':'), hash = next.find('#');
    jobs.now += seconds(10);
    jobs.end(next.substr(0, colon), std::stoi(next.substr(colon + 1, hash - colon - 1)), 0);
    jobs.effects();
  }
  EXPECT_EQ(std::ranges::count(order, 'b'), 6) << order;
}

TEST(jobs, refuses_to_retry_what_would_fail_at_once_for_another) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a", 2));
  jobs.add(TestingJobs::shown("b", 2).with("dependsOn", TestingJobs::after("a", "N_TO_N")));
  jobs.schedule();
  jobs.end("a", 1, 1);
  EXPECT_THAT(jobs.jobs.retry_failed("b", jobs.now).error().message(),
              HasSubstr("Dependent Job failed: a:1"));
  EXPECT_EQ(jobs.statuses("b"), "PENDING PENDING FAILED");
}

TEST(jobs, leaves_out_what_fits_nowhere_and_takes_it_up_with_a_larger_environment) {
  TestingJobs jobs(2);
  auto large = TestingJobs::shown("a");
  large = large.with("container",
                     large["container"].with("resourceRequirements",
                                             json::Value::array({TestingJobs::requirement(8)})));
  jobs.add(large);
  jobs.add(TestingJobs::shown("b"));
  EXPECT_THAT(jobs.schedule(), ElementsAre("b#1"));
  jobs.environment("e", 16);
  EXPECT_THAT(jobs.schedule(), ElementsAre("a#1"));
}

TEST(jobs, tries_again_as_often_as_the_strategy_says) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a").with("retryStrategy", TestingJobs::retried(2)));
  EXPECT_THAT(jobs.schedule(), ElementsAre("a#1"));
  jobs.end("a", {}, 1);
  EXPECT_EQ(jobs.statuses("a"), "RUNNABLE");
  EXPECT_THAT(jobs.schedule(), ElementsAre("a#2"));
  jobs.end("a", {}, 1, 2);
  EXPECT_EQ(jobs.statuses("a"), "FAILED");
  EXPECT_EQ(jobs.child("a").ended.size(), 2U);
}

TEST(jobs, lets_the_first_exit_rule_that_fits_decide) {
  const auto after_exit = [](int32_t code) {
    TestingJobs jobs;
    const auto rule = [](const char* on, const char* action) {
      return json::Value::object({{"onExitCode", on}, {"action", action}});
    };
    jobs.add(TestingJobs::shown("a").with(
        "retryStrategy",
        TestingJobs::retried(3).with(
            "evaluateOnExit", json::Value::array({rule("75", "RETRY"), rule("*", "EXIT")}))));
    jobs.schedule();
    jobs.end("a", {}, code);
    return jobs.statuses("a");
  };
  EXPECT_EQ(after_exit(75), "RUNNABLE");
  EXPECT_EQ(after_exit(65), "FAILED");
}

TEST(jobs, counts_an_end_that_nobody_knows_as_an_attempt) {
  const auto after_loss = [](int attempts) {
    TestingJobs jobs;
    jobs.add(TestingJobs::shown("a").with("retryStrategy", TestingJobs::retried(attempts)));
    jobs.schedule();
    jobs.jobs.ended("a", {}, 1, jobs.now, {{}, "", "Host EC2 (outcome unknown) terminated"});
    return jobs.statuses("a");
  };
  EXPECT_EQ(after_loss(1), "FAILED");
  EXPECT_EQ(after_loss(2), "RUNNABLE");
}

TEST(jobs, ignores_what_is_told_of_an_attempt_that_is_not_open) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a").with("retryStrategy", TestingJobs::retried(2)));
  jobs.schedule();
  jobs.end("a", {}, 1);
  jobs.end("a", {}, 0);
  jobs.start("a");
  EXPECT_EQ(jobs.statuses("a"), "RUNNABLE");
  jobs.end("none", {}, 0);
  jobs.end("a", 7, 0);
}

TEST(jobs, stops_an_attempt_that_lasts_too_long_and_does_not_try_again) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a")
               .with("timeout", json::Value::object({{"attemptDurationSeconds", 60}}))
               .with("retryStrategy", TestingJobs::retried(3)));
  jobs.schedule();
  jobs.start("a");
  EXPECT_EQ(jobs.jobs.next_due(), jobs.now + seconds(60));
  jobs.now += seconds(60);
  jobs.jobs.pass_time(jobs.now);
  EXPECT_THAT(jobs.effects(), ElementsAre("stop a#1"));
  jobs.end("a", {}, 143);
  EXPECT_EQ(jobs.statuses("a"), "FAILED");
  EXPECT_EQ(jobs.child("a").reason, "Job attempt duration exceeded timeout");
}

TEST(jobs, cancels_what_waits_and_terminates_what_runs) {
  TestingJobs jobs(1);
  jobs.add(TestingJobs::shown("a", 3));
  jobs.schedule();
  jobs.start("a", 0);
  jobs.jobs.cancel("a", "not needed", jobs.now);
  EXPECT_EQ(jobs.statuses("a"), "PENDING RUNNING FAILED FAILED");
  jobs.jobs.terminate("a", "enough", jobs.now);
  EXPECT_THAT(jobs.effects(), ElementsAre("stop a:0#1"));
  jobs.end("a", 0, 143);
  EXPECT_EQ(jobs.statuses("a"), "FAILED FAILED FAILED FAILED");
  EXPECT_EQ(jobs.child("a", 0).reason, "enough");
  EXPECT_EQ(jobs.child("a", 1).reason, "not needed");
}

TEST(jobs, runs_only_the_failed_children_again_and_those_that_failed_for_them) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a", 2));
  jobs.add(TestingJobs::shown("b", 2).with("dependsOn", TestingJobs::after("a", "N_TO_N")));
  jobs.schedule();
  jobs.end("a", 0, 1);
  jobs.end("a", 1, 0);
  jobs.schedule();
  jobs.end("b", 1, 0);
  EXPECT_EQ(jobs.statuses("b"), "FAILED FAILED SUCCEEDED");
  EXPECT_EQ(jobs.jobs.retry_failed("a", jobs.now).value(), 1);
  EXPECT_EQ(jobs.statuses("a"), "PENDING RUNNABLE SUCCEEDED");
  EXPECT_EQ(jobs.statuses("b"), "PENDING PENDING SUCCEEDED");
  jobs.effects();
  EXPECT_THAT(jobs.schedule(), ElementsAre("a:0#2"));
  jobs.end("a", 0, 0, 2);
  EXPECT_THAT(jobs.schedule(), ElementsAre("ended a", "b:0#1"));
  jobs.end("b", 0, 0);
  EXPECT_EQ(jobs.statuses("b"), "SUCCEEDED SUCCEEDED SUCCEEDED");
  EXPECT_FALSE(jobs.jobs.retry_failed("a", jobs.now).has_value());
}

TEST(jobs, gives_a_retry_by_hand_all_attempts_of_the_strategy_again) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a").with("retryStrategy", TestingJobs::retried(2)));
  for (int32_t attempt = 1; attempt <= 2; ++attempt) {
    jobs.schedule();
    jobs.end("a", {}, 1, attempt);
  }
  EXPECT_EQ(jobs.jobs.retry_failed("a", jobs.now).value(), 1);
  jobs.schedule();
  jobs.end("a", {}, 1, 3);
  EXPECT_EQ(jobs.statuses("a"), "RUNNABLE");
}

TEST(jobs, hands_over_later_what_its_executor_could_not_start) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a"));
  jobs.schedule();
  jobs.jobs.not_started("a", {}, 1, jobs.now, "no space left");
  EXPECT_THAT(jobs.schedule(), IsEmpty());
  EXPECT_EQ(jobs.jobs.held_back("e"), "no space left");
  jobs.now += seconds(5);
  jobs.jobs.pass_time(jobs.now);
  EXPECT_THAT(jobs.schedule(), ElementsAre("a#1"));
}

TEST(jobs, hands_whole_arrays_to_an_executor_that_gates) {
  TestingJobs jobs(4, true);
  jobs.add(TestingJobs::shown("a", 2).with("retryStrategy", TestingJobs::retried(2)));
  EXPECT_THAT(jobs.schedule(), ElementsAre("a:0#1", "a:1#1"));
  jobs.add(TestingJobs::shown("b", 2).with("dependsOn", TestingJobs::after("a", "N_TO_N")));
  EXPECT_THAT(jobs.schedule(), ElementsAre("b:0#1 after a", "b:1#1 after a"));
  EXPECT_EQ(jobs.statuses("b"), "PENDING PENDING PENDING");
  jobs.end("a", 0, 1);  // is tried again, of which the executor knows nothing
  jobs.jobs.not_started("b", 0, 1, jobs.now, "DependencyNeverSatisfied");
  EXPECT_THAT(jobs.schedule(), ElementsAre("a:0#2"));
  jobs.end("a", 0, 0, 2);
  EXPECT_THAT(jobs.schedule(), ElementsAre("b:0#1"));
  jobs.end("a", 1, 1);
  jobs.end("a", 1, 1, 1);
  EXPECT_EQ(jobs.schedule().front(), "a:1#2");
  jobs.end("a", 1, 1, 2);
  EXPECT_THAT(jobs.schedule(), testing::Contains("stop b:1#1"));
}

TEST(jobs, forgets_what_has_ended_and_nobody_needs) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a"));
  jobs.schedule();
  jobs.end("a", {}, 0);
  jobs.add(TestingJobs::shown("b").with("dependsOn", TestingJobs::after("a")));
  jobs.jobs.forget_ended(jobs.now + seconds(1));
  EXPECT_EQ(jobs.jobs.all().size(), 2U);
  jobs.schedule();
  jobs.end("b", {}, 0);
  jobs.jobs.forget_ended(jobs.now + seconds(1));
  EXPECT_EQ(jobs.jobs.all().size(), 0U);
}

TEST(jobs, lets_nothing_wait_behind_what_fits_nowhere_any_more) {
  TestingJobs jobs(4);
  auto large = TestingJobs::shown("a");
  large = large.with("container",
                     large["container"].with("resourceRequirements",
                                             json::Value::array({TestingJobs::requirement(4)})));
  jobs.add(large);
  jobs.add(TestingJobs::shown("b"));
  jobs.environment("e", 3);
  EXPECT_THAT(jobs.schedule(), ElementsAre("b#1"));
  jobs.end("b", {}, 0);
  jobs.environment("e", 4);
  EXPECT_THAT(jobs.schedule(), ElementsAre("ended b", "a#1"));
}

TEST(jobs, goes_by_when_an_attempt_ended_and_not_by_when_that_is_told) {
  TestingJobs t;
  const json::Value limit = json::Value::object({{"attemptDurationSeconds", 60}});
  t.add(TestingJobs::shown("a", 2).with("timeout", limit));
  t.schedule();
  t.start("a", 0);
  t.start("a", 1);
  t.now = at(1100);  // no server ran meanwhile
  t.jobs.pass_time(t.now);
  const Ended well{.exit_code = 0, .reason = {}, .status_reason = {}};
  t.jobs.ended("a", 0, 1, at(1059), well);
  t.jobs.ended("a", 1, 1, at(1061), well);
  EXPECT_EQ(t.statuses("a"), "FAILED SUCCEEDED FAILED");
}

TEST(jobs, forgets_the_time_limit_of_an_attempt_that_never_ran) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a").with("timeout",
                                        json::Value::object({{"attemptDurationSeconds", 60}})));
  jobs.schedule();
  jobs.start("a");
  jobs.jobs.not_started("a", {}, 1, jobs.now, "never came");
  jobs.now += seconds(30);
  jobs.jobs.pass_time(jobs.now);
  jobs.effects();
  EXPECT_THAT(jobs.schedule(), ElementsAre("a#1"));
  jobs.start("a");
  jobs.now += seconds(31);
  jobs.jobs.pass_time(jobs.now);
  EXPECT_THAT(jobs.effects(), IsEmpty());
}

TEST(jobs, has_failed_what_ends_well_because_it_was_told_to_stop) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a"));
  jobs.schedule();
  jobs.start("a");
  jobs.jobs.terminate("a", "enough", jobs.now);
  jobs.end("a", {}, 0);
  EXPECT_EQ(jobs.statuses("a"), "FAILED");
}

TEST(jobs, refuses_a_dependency_on_a_child_that_is_not_one) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a", 3));
  for (const char* id : {"a:", "a:abc", "a:4294967298", "a:-1"})
    EXPECT_FALSE(
        jobs.submit(TestingJobs::shown("b").with("dependsOn", TestingJobs::after(id))).has_value())
        << id;
}

TEST(jobs, refuses_to_wait_child_by_child_for_a_single_child) {
  TestingJobs jobs;
  jobs.add(TestingJobs::shown("a", 3));
  const auto job = TestingJobs::shown("b", 3);
  EXPECT_THAT(
      jobs.submit(job.with("dependsOn", TestingJobs::after("a:1", "N_TO_N"))).error().message(),
      HasSubstr("not on its child 1"));
}

TEST(jobs, keeps_what_is_in_use) {
  TestingJobs jobs;
  EXPECT_THAT(jobs.jobs.remove(ResourceKind::environment, "e").error().message(),
              HasSubstr("JobQueue"));
  jobs.add(TestingJobs::shown("a"));
  EXPECT_FALSE(jobs.jobs.remove(ResourceKind::queue, "q").has_value());
  jobs.schedule();
  jobs.environment("f", 1);
  jobs.queue("q", {"f"});
  EXPECT_THAT(jobs.jobs.remove(ResourceKind::environment, "e").error().message(),
              HasSubstr("still run there"));
  jobs.end("a", {}, 0);
  EXPECT_TRUE(jobs.jobs.remove(ResourceKind::environment, "e").has_value());
}

}  // namespace
}  // namespace pawl::jobs
