#include <algorithm>

#include "api/batch/call.h"
#include "fuzz.h"
#include "jobs/describe.h"
#include "jobs/why.h"
#include "json/parse.h"
#include "json/write.h"

// Requests of AWS Batch, before jobs of which some run. Whatever is asked, what has changed folds
// to the same jobs, and every job can be shown.

namespace pawl::fuzz {
namespace {

using api::batch::Operation;
using json::Value;

const api::batch::Place place{"us-east-1", "000000000000"};
constexpr const char* job_id = "11111111-1111-1111-1111-111111111111";

// A request is the name of its operation, a blank, and its body.
std::vector<std::string> requests() {
  std::vector<std::string> all = {
      R"(CreateComputeEnvironment {"computeEnvironmentName": "c", "type": "MANAGED",
          "state": "ENABLED", "tags": {"pawl:executor": "local", "pawl:memory-mib": "64"},
          "computeResources": {"type": "EC2", "minvCpus": 0, "maxvCpus": 2, "desiredvCpus": 1,
            "subnets": ["s"]}})",
      R"(CreateJobQueue {"jobQueueName": "p", "priority": 2, "schedulingPolicyArn": "",
          "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "e"}]})",
      R"(RegisterJobDefinition {"jobDefinitionName": "d", "type": "container",
          "parameters": {"a": "b"}, "timeout": {"attemptDurationSeconds": 60},
          "containerProperties": {"image": "host", "vcpus": 1, "memory": 64,
            "command": ["echo", "Ref::a"], "environment": [{"name": "N", "value": "v"}],
            "resourceRequirements": [{"type": "VCPU", "value": "0.5"}]},
          "retryStrategy": {"attempts": 2, "evaluateOnExit": [{"onExitCode": "1*",
            "action": "RETRY"}]}})",
      R"(SubmitJob {"jobName": "j", "jobQueue": "q", "jobDefinition": "d", "tags": {"k": "v"},
          "arrayProperties": {"size": 3}, "parameters": {"a": "c"},
          "dependsOn": [{"jobId": "11111111-1111-1111-1111-111111111111", "type": "N_TO_N"},
            {"type": "SEQUENTIAL"}], "timeout": {"attemptDurationSeconds": 1},
          "containerOverrides": {"command": ["x"], "environment": [], "vcpus": 2}})",
      R"(CreateSchedulingPolicy {"name": "s", "fairsharePolicy": {"shareDistribution": [
          {"shareIdentifier": "A*", "weightFactor": 0.5}]}})"};
  const Value any = json::parse(R"({"jobQueue": "q", "computeEnvironment": "e",
      "jobDefinition": "d:1", "jobId": "11111111-1111-1111-1111-111111111111:1", "reason": "r",
      "state": "DISABLED", "jobs": ["11111111-1111-1111-1111-111111111111"], "maxResults": 1,
      "nextToken": "t", "resourceArn": "arn:aws:batch:us-east-1:000000000000:job-queue/q",
      "tags": {"a": "b"}, "tagKeys": ["a"], "jobStatus": "RUNNING", "arns": [],
      "arrayJobId": "11111111-1111-1111-1111-111111111111",
      "filters": [{"name": "JOB_NAME", "values": ["j*"]}]})")
                        .value();
  for (const Operation& operation : api::batch::operations()) {
    Value::Object own;
    for (const api::Member& member : operation.shape)
      if (const Value* found = any.find(member.name))
        own.push_back({std::string(member.name), *found});
    all.push_back(std::string(operation.name) + " " + json::write(Value(std::move(own))));
  }
  return all;
}

const std::vector<std::string> words = json_words_and(
    {"9223372036854775808", "-1", "1e300", "null", "\"size\": 10000", "Ref::", "Ref::a", ":1", "*",
     "arn:aws:batch:", "\"type\": \"N_TO_N\"", "\"jobId\"", "\"\"", "\\u0000", "AWS_BATCH", "="});

class Before {
 public:
  Before() {
    add("CreateComputeEnvironment", R"({"computeEnvironmentName": "e", "type": "MANAGED",
        "computeResources": {"type": "EC2", "maxvCpus": 2}})");
    add("CreateJobQueue", R"({"jobQueueName": "q", "priority": 1,
        "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "e"}]})");
    add("RegisterJobDefinition", R"({"jobDefinitionName": "d", "type": "container",
        "containerProperties": {"image": "host", "command": ["true"]}})");
    add("SubmitJob", R"({"jobName": "j", "jobQueue": "q", "jobDefinition": "d",
        "arrayProperties": {"size": 3}})");
    jobs.schedule(now);
    jobs.started(job_id, 0, 1, now, "here");
    jobs.ended(job_id, 1, 1, now, {.exit_code = 1, .reason = {}, .status_reason = {}});
  }

  Result<Value> ask(std::string_view name, std::string_view body) {
    const auto operation = std::ranges::find(api::batch::operations(), name, &Operation::name);
    if (operation == api::batch::operations().end()) return Value();
    const Value asked = TRY(json::parse(body));
    if (!asked.is_object()) return asked;
    const Value input = TRY(api::batch::checked(asked, operation->shape));
    const std::string id =
        jobs.find(job_id).job == nullptr ? job_id : "22222222-2222-2222-2222-222222222222";
    return operation->action({jobs, now, input, place, id});
  }

  void check() {
    jobs.schedule(now);
    (void)jobs.take_effects();
    jobs::Jobs again{[](const std::string&) { return false; }};
    for (const jobs::Change& change : jobs.take_changes())
      require(again.fold(change).has_value(), "a change does not fold");
    for (const auto& [number, job] : jobs.all()) {
      const jobs::Target target{job.get(), std::nullopt};
      const jobs::Job* folded = again.job(number);
      require(folded != nullptr, "a job is not made durable");
      require(jobs::described(target) == jobs::described({folded, std::nullopt}),
              "a job is not what it folds to");
      require(!jobs::why(jobs, target).reason.empty(), "a job stands where it does for no reason");
    }
  }

  jobs::Jobs jobs{[](const std::string&) { return false; }};
  const Instant now = Instant(seconds(1000));

 private:
  void add(std::string_view name, std::string_view body) {
    require(ask(name, body).has_value(), "what stands before the request is refused");
  }
};

void run_batch(const std::string& text, Random&) {
  const size_t blank = std::min(text.find(' '), text.size());
  Before before;
  const auto answer = before.ask(std::string_view(text).substr(0, blank),
                                 std::string_view(text).substr(std::min(blank + 1, text.size())));
  if (answer)
    require(json::parse(json::write(*answer)).has_value(), "an answer is no JSON");
  else
    require(!answer.error().message().empty(), "a refusal says nothing");
  before.check();
}

}  // namespace
}  // namespace pawl::fuzz

int main(int count, char** words) {
  return pawl::fuzz::run_targets(
      {{"batch", {pawl::fuzz::requests(), pawl::fuzz::words}, pawl::fuzz::run_batch}}, count,
      words);
}
