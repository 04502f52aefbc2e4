#include "jobs/submission.h"

#include <gmock/gmock.h>

#include "jobs/testing_jobs.h"
#include "json/parse.h"

namespace pawl::jobs {
namespace {

using json::Value;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Value parsed(std::string_view text) { return json::parse(text).value(); }

class a_submission : public ::testing::Test, public TestingJobs {
 protected:
  a_submission() { define(1, "ACTIVE"); }

  void define(int revision, const char* status) {
    put(ResourceKind::definition, parsed(R"({"jobDefinitionName": "d", "type": "container",
                   "parameters": {"who": "you", "how": "well"},
                   "containerProperties": {"image": "host", "vcpus": 2, "memory": 64,
                     "command": ["greet", "Ref::who", "as=Ref::how,Ref::none"],
                     "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
                   "retryStrategy": {"attempts": 3,
                     "evaluateOnExit": [{"onExitCode": "65", "action": "EXIT"}]}})")
                                      .with("jobDefinitionArn", concat("d-arn:", revision))
                                      .with("revision", revision)
                                      .with("status", status));
  }
  Result<Value> resolved(std::string_view request) const {
    return resolve(jobs, parsed(request), {"id", "000000000000", "us-east-1"}, now);
  }
  Value of(std::string_view request) const { return resolved(request).value(); }
  std::string refusal(std::string_view request) const {
    const auto result = resolved(request);
    return result ? "taken" : result.error().message();
  }
};

TEST_F(a_submission, has_what_its_definition_says) {
  const Specification job(of(R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d"})"));
  EXPECT_EQ(job.arn, "arn:aws:batch:us-east-1:000000000000:job/id");
  EXPECT_EQ(job.command, (std::vector<std::string>{"greet", "you", "as=well,Ref::none"}));
  EXPECT_EQ(job.vcpus, 2);
  EXPECT_EQ(job.memory_mib, 64);
  EXPECT_EQ(job.retry.attempts, 3);
  EXPECT_EQ(job.retry.rules.size(), 1u);
}

TEST_F(a_submission, has_a_retry_strategy_of_its_own_with_nothing_of_the_definitions) {
  const Specification job(of(R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d",
                                 "retryStrategy": {"attempts": 5}})"));
  EXPECT_EQ(job.retry.attempts, 5);
  EXPECT_TRUE(job.retry.rules.empty());
}

TEST_F(a_submission, has_its_own_instead_where_it_says_so) {
  const Specification job(of(R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d",
      "parameters": {"who": "me"},
      "containerOverrides": {"environment": [{"name": "B", "value": "3"}],
        "resourceRequirements": [{"type": "VCPU", "value": "4"}]}})"));
  EXPECT_EQ(job.command[1], "me");
  EXPECT_EQ(job.environment, (std::vector<std::string>{"A=1", "B=3"}));
  EXPECT_EQ(job.vcpus, 4);
  EXPECT_EQ(job.memory_mib, 64);
}

TEST_F(a_submission, finds_the_newest_revision_that_is_active) {
  define(2, "ACTIVE");
  define(3, "INACTIVE");
  EXPECT_EQ(of(R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d"})")["jobDefinition"],
            "d-arn:2");
  EXPECT_EQ(of(R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d:1"})")["jobDefinition"],
            "d-arn:1");
  EXPECT_THAT(refusal(R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d:3"})"),
              HasSubstr("not found or not active"));
}

TEST_F(a_submission, of_an_array_has_2_to_10000_children) {
  const auto sized = [&](int size) {
    return refusal(concat(R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d",
                              "arrayProperties": {"size": )",
                          size, "}}"));
  };
  EXPECT_EQ(sized(2), "taken");
  EXPECT_EQ(sized(10'000), "taken");
  EXPECT_EQ(sized(10'001), "ClientException: Array size must be between 2 and 10000");
  EXPECT_THAT(sized(1), HasSubstr("submit a single job without arrayProperties"));
}

TEST_F(a_submission, depends_on_20_others_at_most) {
  const auto depending = [&](int count) {
    Value::Array all(static_cast<size_t>(count), Value::object({{"jobId", "x"}}));
    const Value request = parsed(R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d"})");
    return resolve(jobs, request.with("dependsOn", std::move(all)), {}, now).has_value();
  };
  EXPECT_TRUE(depending(20));
  EXPECT_FALSE(depending(21));
}

TEST_F(a_submission, is_refused_for_variables_that_are_the_services_own) {
  EXPECT_THAT(refusal(R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d",
                "containerOverrides": {"environment": [{"name": "AWS_BATCH_X", "value": ""}]}})"),
              StartsWith("ClientException: environment variable AWS_BATCH_X is reserved"));
}

TEST(a_retry_strategy, is_held_to_what_the_service_takes) {
  const auto taken = [](const std::string& rules,
                        const std::string& attempts = R"("attempts": 2, )") {
    const auto done =
        retry_strategy(parsed(concat("{", attempts, R"("evaluateOnExit": [)", rules, "]}")));
    return done ? "taken" : done.error().message();
  };
  const std::string rule = R"({"onReason": "*", "action": "retry"})";
  EXPECT_EQ(taken(rule), "taken");
  EXPECT_EQ(taken(""), "taken") << "as DescribeJobs shows one without";
  EXPECT_EQ(taken(R"({"onExitCode": "13*", "onStatusReason": "Host EC2*", "action": "Exit"})"),
            "taken");
  EXPECT_EQ(taken(join(std::vector(5, rule), ",")), "taken");
  EXPECT_THAT(taken(join(std::vector(6, rule), ",")), HasSubstr("5 entries at most"));
  EXPECT_THAT(taken(rule, ""), HasSubstr("needs retryStrategy.attempts"));
  EXPECT_THAT(taken(R"({"onExitCode": "1*3", "action": "RETRY"})"),
              HasSubstr("onExitCode may only end with *: 1*3"));
  EXPECT_THAT(taken(R"({"onReason": "a**", "action": "RETRY"})"), HasSubstr("may only end with *"));
  EXPECT_THAT(taken(R"({"onExitCode": "one", "action": "RETRY"})"), HasSubstr("is a number"));
  EXPECT_THAT(taken(R"({"onReason": "*", "action": "MAYBE"})"),
              HasSubstr("RETRY or EXIT, not MAYBE"));
  EXPECT_THAT(taken(R"({"onReason": "", "action": "RETRY"})"), HasSubstr("has none of"));
  const auto long_one = [&](size_t length) {
    return taken(concat(R"({"onReason": ")", std::string(length, 'x'), R"(", "action": "EXIT"})"));
  };
  EXPECT_EQ(long_one(512), "taken");
  EXPECT_THAT(long_one(513), HasSubstr("512 characters at most"));
}

}  // namespace
}  // namespace pawl::jobs
