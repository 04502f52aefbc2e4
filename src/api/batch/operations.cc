#include <algorithm>

#include "api/batch/call.h"
#include "api/members.h"

namespace pawl::api::batch {
namespace {

using members::list;
using members::number;
using members::structure;
using members::text;
using members::unbounded;
using members::word;

constexpr std::string_view name_pattern = "^[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$";

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_name(std::string_view text) {
  return is_letter_or_digit(text.front()) && std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || c == '_' || c == '-';
         });
}
bool is_share(std::string_view text) { return std::ranges::all_of(text, is_letter_or_digit); }

constexpr Member name(std::string_view member) {
  return {.name = member,
          .is_required = true,
          .least = 1,
          .most = 128,
          .pattern = name_pattern,
          .matches = is_name};
}
constexpr Member named(std::string_view member) { return members::required_text(member, 1, 2048); }
constexpr Member any(std::string_view member) { return structure(member, {}); }
constexpr Member share(std::string_view member, bool is_required) {
  return {.name = member,
          .is_required = is_required,
          .least = 1,
          .most = 255,
          .pattern = "^[a-zA-Z0-9]*$",
          .matches = is_share};
}

constexpr std::string_view states[] = {"ENABLED", "DISABLED"};
constexpr std::string_view statuses[] = {"SUBMITTED", "PENDING",   "RUNNABLE", "STARTING",
                                         "RUNNING",   "SUCCEEDED", "FAILED"};
constexpr std::string_view managed[] = {"MANAGED"};
constexpr std::string_view ec2[] = {"EC2"};
constexpr std::string_view ecs[] = {"ECS"};
constexpr std::string_view container[] = {"container"};
constexpr std::string_view resource_types[] = {"VCPU", "MEMORY"};
constexpr std::string_view dependency_types[] = {"N_TO_N", "SEQUENTIAL"};

constexpr Member texts[] = {unbounded("")};
constexpr Member variables[] = {text("name", 1, 32768), unbounded("value")};
constexpr Member requirements[] = {{.name = "type", .is_required = true, .words = resource_types},
                                   named("value")};
constexpr Member rules[] = {text("onStatusReason", 0, 512), text("onReason", 0, 512),
                            text("onExitCode", 0, 512), named("action")};
constexpr Member retry[] = {number("attempts", 1, 10),
                            {.name = "evaluateOnExit",
                             .kind = Kind::list,
                             .most = 5,
                             .members = rules,
                             .type_name = "EvaluateOnExit"}};
constexpr Member timeout[] = {number("attemptDurationSeconds", 1, INT32_MAX)};
constexpr Member dependency[] = {text("jobId", 1, 2048), word("type", dependency_types)};
constexpr Member dependencies = {.name = "dependsOn",
                                 .kind = Kind::list,
                                 .most = 20,
                                 .members = dependency,
                                 .type_name = "JobDependency"};
constexpr Member priority_of_job(std::string_view member) { return number(member, 0, 9999); }

constexpr Member overrides[] = {number("vcpus", 1), number("memory", 1), list("command", texts),
                                list("environment", variables),
                                list("resourceRequirements", requirements)};
constexpr Member properties[] = {named("image"),
                                 number("vcpus", 1),
                                 number("memory", 1),
                                 list("command", texts),
                                 list("environment", variables),
                                 list("resourceRequirements", requirements)};
constexpr Member array_size[] = {number("size", 0)};

constexpr Member submit[] = {name("jobName"),
                             named("jobQueue"),
                             named("jobDefinition"),
                             share("shareIdentifier", false),
                             priority_of_job("schedulingPriorityOverride"),
                             structure("arrayProperties", array_size),
                             dependencies,
                             any("parameters"),
                             structure("containerOverrides", overrides),
                             structure("retryStrategy", retry),
                             members::flag("propagateTags"),
                             structure("timeout", timeout),
                             any("tags")};
constexpr Member register_definition[] = {name("jobDefinitionName"),
                                          {.name = "type", .is_required = true, .words = container},
                                          any("parameters"),
                                          priority_of_job("schedulingPriority"),
                                          {.name = "containerProperties",
                                           .kind = Kind::structure,
                                           .is_required = true,
                                           .members = properties},
                                          structure("retryStrategy", retry),
                                          members::flag("propagateTags"),
                                          structure("timeout", timeout),
                                          any("tags"),
                                          list("platformCapabilities", texts)};

constexpr Member page_size = number("maxResults", 1, INT32_MAX);
constexpr Member token = text("nextToken", 1, 4096);

constexpr Member jobs_named[] = {
    {.name = "jobs", .kind = Kind::list, .is_required = true, .most = 100, .members = texts}};
constexpr Member job_end[] = {named("jobId"), named("reason")};
constexpr Member filter[] = {named("name"), members::required_list("values", texts)};
constexpr Member listing[] = {unbounded("jobQueue"),
                              unbounded("arrayJobId"),
                              word("jobStatus", statuses),
                              page_size,
                              token,
                              {.name = "filters",
                               .kind = Kind::list,
                               .most = 1,
                               .members = filter,
                               .type_name = "KeyValuesPair"}};

constexpr Member resources_of_new[] = {
    {.name = "type", .is_required = true, .words = ec2},
    unbounded("allocationStrategy"),
    number("minvCpus", 0),
    {.name = "maxvCpus", .kind = Kind::number, .is_required = true, .least = 1},
    number("desiredvCpus", 0),
    list("instanceTypes", texts),
    list("subnets", texts),
    list("securityGroupIds", texts),
    unbounded("instanceRole")};
constexpr Member resources_changed[] = {
    number("minvCpus", 0),           number("maxvCpus", 1),        number("desiredvCpus", 0),
    unbounded("allocationStrategy"), list("instanceTypes", texts), list("subnets", texts),
    list("securityGroupIds", texts), unbounded("instanceRole")};
constexpr Member create_environment[] = {name("computeEnvironmentName"),
                                         {.name = "type", .is_required = true, .words = managed},
                                         word("state", states),
                                         {.name = "computeResources",
                                          .kind = Kind::structure,
                                          .is_required = true,
                                          .members = resources_of_new},
                                         unbounded("serviceRole"),
                                         any("tags")};
constexpr Member update_environment[] = {named("computeEnvironment"), word("state", states),
                                         structure("computeResources", resources_changed),
                                         unbounded("serviceRole")};
constexpr Member one_environment[] = {named("computeEnvironment")};
constexpr Member environments[] = {list("computeEnvironments", texts), page_size, token};

constexpr Member order[] = {
    {.name = "order", .kind = Kind::number, .is_required = true, .least = 0},
    named("computeEnvironment")};
constexpr Member order_of(bool is_required) {
  return {.name = "computeEnvironmentOrder",
          .kind = Kind::list,
          .is_required = is_required,
          .least = 1,
          .most = 3,
          .members = order,
          .type_name = "ComputeEnvironmentOrder"};
}
constexpr Member create_queue[] = {
    name("jobQueueName"),
    word("state", states),
    unbounded("schedulingPolicyArn"),
    {.name = "priority", .kind = Kind::number, .is_required = true, .least = 0, .most = 1000},
    order_of(true),
    word("jobQueueType", ecs),
    any("tags")};
constexpr Member update_queue[] = {named("jobQueue"), word("state", states),
                                   unbounded("schedulingPolicyArn"), number("priority", 0, 1000),
                                   order_of(false)};
constexpr Member one_queue[] = {named("jobQueue")};
constexpr Member queues[] = {list("jobQueues", texts), page_size, token};

constexpr Member one_definition[] = {named("jobDefinition")};
constexpr Member definitions[] = {list("jobDefinitions", texts), page_size,
                                  unbounded("jobDefinitionName"), unbounded("status"), token};

constexpr Member shares[] = {{.name = "shareIdentifier", .is_required = true, .least = 1},
                             {.name = "weightFactor", .kind = Kind::real}};
constexpr Member fair_share[] = {list("shareDistribution", shares)};
constexpr Member create_policy[] = {name("name"), structure("fairsharePolicy", fair_share),
                                    any("tags")};
constexpr Member update_policy[] = {named("arn"), structure("fairsharePolicy", fair_share)};
constexpr Member one_policy[] = {named("arn")};
constexpr Member policies_named[] = {members::required_list("arns", texts)};
constexpr Member page[] = {page_size, token};

constexpr Member resource[] = {named("resourceArn")};
constexpr Member tagged[] = {named("resourceArn"),
                             {.name = "tags", .kind = Kind::structure, .is_required = true}};
constexpr Member untagged[] = {named("resourceArn"), members::required_list("tagKeys", texts)};

}  // namespace

std::span<const Operation> operations() {
  static constexpr Operation rows[] = {
      {"SubmitJob", submit_job, submit},
      {"DescribeJobs", describe_jobs, jobs_named},
      {"ListJobs", list_jobs, listing},
      {"CancelJob", cancel_job, job_end},
      {"TerminateJob", terminate_job, job_end},
      {"CreateComputeEnvironment", create_compute_environment, create_environment},
      {"UpdateComputeEnvironment", update_compute_environment, update_environment},
      {"DeleteComputeEnvironment", delete_compute_environment, one_environment},
      {"DescribeComputeEnvironments", describe_compute_environments, environments},
      {"CreateJobQueue", create_job_queue, create_queue},
      {"UpdateJobQueue", update_job_queue, update_queue},
      {"DeleteJobQueue", delete_job_queue, one_queue},
      {"DescribeJobQueues", describe_job_queues, queues},
      {"RegisterJobDefinition", register_job_definition, register_definition},
      {"DeregisterJobDefinition", deregister_job_definition, one_definition},
      {"DescribeJobDefinitions", describe_job_definitions, definitions},
      {"CreateSchedulingPolicy", create_scheduling_policy, create_policy},
      {"UpdateSchedulingPolicy", update_scheduling_policy, update_policy},
      {"DeleteSchedulingPolicy", delete_scheduling_policy, one_policy},
      {"DescribeSchedulingPolicies", describe_scheduling_policies, policies_named},
      {"ListSchedulingPolicies", list_scheduling_policies, page},
      {"ListTagsForResource", list_tags_for_resource, resource},
      {"TagResource", tag_resource, tagged},
      {"UntagResource", untag_resource, untagged},
  };
  return rows;
}

}  // namespace pawl::api::batch
